namespace Heddle;

/// <summary>What a <see cref="LoopReport"/> is about.</summary>
public enum LoopReportKind
{
    /// <summary>A failure that reached nobody: of a task that nobody awaits, or one besides the one that was thrown.</summary>
    UnhandledFailure,

    /// <summary>A callback threw: of a token, of a completed task, posted to the loop, or of a timer.</summary>
    CallbackFailed,

    /// <summary>A task goes on awaiting although its scope is cancelled.</summary>
    SwallowedCancellation,

    /// <summary>A task was still running when the main coroutine ended, and was cancelled.</summary>
    Leftover,

    /// <summary>Somebody connected to a server and did not get through the TLS handshake.</summary>
    HandshakeFailed,

    /// <summary>A function on a thread runs on although its call was cancelled: a thread cannot be stopped.</summary>
    Abandoned,

    /// <summary>In debug mode: a coroutine was collected that nobody had awaited or started.</summary>
    NeverAwaited,

    /// <summary>In debug mode: somebody cancelled a scope, a group or a task; the message says where.</summary>
    CancelRequested,

    /// <summary>In debug mode: one step of a task held the loop for 100 ms or longer.</summary>
    LongStep,

    /// <summary>A loop that was told to end, by a signal or by the end of its main coroutine, has waited for seconds for tasks that have not ended.</summary>
    StillRunning,

    /// <summary>
    /// A task has blocked the loop's thread for longer than <see cref="EventLoopOptions.BlockingGrace"/>, or a callback has held it for as long. The message
    /// has the task's stack. That of a callback comes from another thread, as the loop's is held.
    /// </summary>
    Blocked,

    /// <summary>Callbacks that were posted to a loop had no turn before its end.</summary>
    CallbacksDropped,
}

/// <summary>Something that would otherwise be silent.</summary>
public sealed class LoopReport
{
    internal LoopReport(LoopReportKind kind, string message, string? taskName = null, Exception? exception = null)
    {
        Kind = kind;
        Message = message;
        TaskName = taskName;
        Exception = exception;
    }

    /// <summary>What it is about.</summary>
    public LoopReportKind Kind { get; }

    /// <summary>What happened, the likely cause, the remedy.</summary>
    public string Message { get; }

    /// <summary>The task it happened in, if any.</summary>
    public string? TaskName { get; }

    /// <summary>The failure, if it is about one.</summary>
    public Exception? Exception { get; }

    /// <summary>The message, and the failure with its stack.</summary>
    public override string ToString() => Exception is null ? Message : $"{Message}{Environment.NewLine}{Exception}";
}
