namespace Heddle;

/// <summary>Thrown by awaiting a task that was cancelled.</summary>
/// <remarks>Deliberately no <see cref="OperationCanceledException"/>: that another task was cancelled does not mean that the awaiting one is.</remarks>
public class LoopTaskCanceledException : Exception
{
    internal LoopTaskCanceledException(LoopTask task)
        : base(Message(task), task.Failure) => Task = task;

    /// <summary>The task that was cancelled.</summary>
    public LoopTask Task { get; }

    /// <summary>The reason given to the cancellation, if any.</summary>
    public string? Reason => (InnerException as ScopeCanceledException)?.Reason;

    private static new string Message(LoopTask task)
        => $"The awaited {task.Describe()} was cancelled"
            + (task.Failure is ScopeCanceledException { Reason: { } reason } ? $": {reason}." : ".")
            + " Whoever awaits it was not. To wait for its end, whichever it is, await LoopTask.WhenAny(task).";
}
