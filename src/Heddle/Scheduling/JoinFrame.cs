namespace Heddle;

/// <summary>Waits for a task to end.</summary>
internal sealed class JoinFrame : Waiter<Nothing>
{
    [ThreadStatic]
    private static FramePool? t_pool;

    internal LoopTask Task { get; private set; } = null!;

    internal static JoinFrame Rent(LoopTask task)
    {
        var frame = (t_pool ??= new FramePool()).TryRent<JoinFrame>() ?? new JoinFrame();
        frame.Status = FrameStatus.Cold;
        frame.Task = task;
        return frame;
    }

    internal void OnTaskEnded()
    {
        if (Task.IsCompletedSuccessfully)
        {
            Resume();
        }
        else
        {
            ResumeFailed();
        }
    }

    internal override string Describe() => Task.Describe();

    protected override bool Begin()
    {
        if (ReferenceEquals(Task, Runner.Handle))
        {
            FailAtOnce();
            return true;
        }

        if (!Task.IsCompleted)
        {
            Task.AddJoiner(this);
            return false;
        }

        Task.MarkObserved();
        if (!Task.IsCompletedSuccessfully)
        {
            FailAtOnce();
        }

        return true;
    }

    protected override bool Abort()
    {
        Task.RemoveJoiner(this);
        return true;
    }

    protected override void ReturnToPool()
    {
        Task = null!;
        (t_pool ??= new FramePool()).Return(this);
    }

    protected override Exception OwnFailure
        => Task.IsCanceled ? new LoopTaskCanceledException(Task)
        : Task.Failure ?? new InvalidOperationException(
            $"{Task.Describe()} awaits itself, which can never end. Await another task, or return instead.");
}
