namespace Heddle;

/// <summary>Thrown by awaiting a task that was cancelled.</summary>
/// <remarks>Deliberately no <see cref="OperationCanceledException"/>: that another task was cancelled does not mean that the awaiting one is.</remarks>
public class LoopTaskCanceledException : Exception
{
    /// <summary>With a message of its own.</summary>
    public LoopTaskCanceledException()
    {
    }

    /// <summary>With that message.</summary>
    public LoopTaskCanceledException(string? message)
        : base(message)
    {
    }

    /// <summary>With that message and cause.</summary>
    public LoopTaskCanceledException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal LoopTaskCanceledException(LoopTask task)
        : base(Explain(task), task.Failure)
    {
        TaskName = task.Name;
        TaskId = task.Id;
    }

    /// <summary>The <see cref="LoopTask.Name"/> of the task that was cancelled; null if it was not Heddle that threw this.</summary>
    /// <remarks>The name and not the task, which would keep its loop alive for as long as somebody keeps this.</remarks>
    public string? TaskName { get; }

    /// <summary>The <see cref="LoopTask.Id"/> of the task that was cancelled; zero if it was not Heddle that threw this.</summary>
    public long TaskId { get; }

    /// <summary>The reason given to the cancellation, if any.</summary>
    public string? Reason => (InnerException as ScopeCanceledException)?.Reason;

    private static string Explain(LoopTask task)
        => $"The awaited {task.Describe()} was cancelled"
            + (task.Failure is ScopeCanceledException { Reason: { } reason } ? $": {reason}." : ".")
            + " Whoever awaits it was not. To wait for its end, whichever it is, await LoopTask.WhenAny(task).";
}
