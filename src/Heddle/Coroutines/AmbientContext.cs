namespace Heddle;

/// <summary>Putting an <see cref="ExecutionContext"/> back, minding that none can be captured while its flow is suppressed.</summary>
internal static class AmbientContext
{
    /// <param name="context">What was captured; null when the flow was suppressed at that time.</param>
    internal static void Restore(ExecutionContext? context)
    {
        if (context is null)
        {
            if (!ExecutionContext.IsFlowSuppressed())
            {
                ExecutionContext.SuppressFlow();
            }

            return;
        }

        if (ExecutionContext.IsFlowSuppressed())
        {
            ExecutionContext.RestoreFlow();
        }

        ExecutionContext.Restore(context);
    }
}
