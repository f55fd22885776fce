namespace Heddle;

/// <summary>Putting an <see cref="ExecutionContext"/> back, minding that none can be captured while its flow is suppressed.</summary>
internal static class AmbientContext
{
    /// <summary>The context of a thread that never had another.</summary>
    internal static readonly ExecutionContext Empty = CaptureEmpty();

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

    private static ExecutionContext CaptureEmpty()
    {
        ExecutionContext? context = null;
        var thread = new Thread(() => context = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return context!;
    }
}
