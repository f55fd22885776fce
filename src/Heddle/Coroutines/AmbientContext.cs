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

    /// <summary>What <see cref="Restore(ExecutionContext, bool)"/> puts back, although its flow may be suppressed.</summary>
    internal static ExecutionContext Save(out bool isFlowSuppressed)
    {
        isFlowSuppressed = ExecutionContext.IsFlowSuppressed();
        if (!isFlowSuppressed)
        {
            return ExecutionContext.Capture()!;
        }

        ExecutionContext.RestoreFlow();
        var context = ExecutionContext.Capture()!;
        ExecutionContext.SuppressFlow();
        return context;
    }

    internal static void Restore(ExecutionContext context, bool isFlowSuppressed)
    {
        Restore(context);
        if (isFlowSuppressed)
        {
            ExecutionContext.SuppressFlow();
        }
    }

    /// <summary>The callback, to run in the ambient context of now, unless its flow is suppressed.</summary>
    internal static Action Flowing(Action callback)
        => ExecutionContext.Capture() is { } context
            ? () => ExecutionContext.Run(context, static state => ((Action)state!)(), callback)
            : callback;

    private static ExecutionContext CaptureEmpty()
    {
        ExecutionContext? context = null;
        var thread = new Thread(() => context = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return context!;
    }
}
