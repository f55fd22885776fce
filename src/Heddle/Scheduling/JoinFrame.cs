using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Waits for a task to end.</summary>
internal sealed class JoinFrame : Waiter<Nothing>
{
    private readonly FreeFrames _free;

    private JoinFrame(FreeFrames free) => _free = free;

    internal LoopTask Task { get; private set; } = null!;

    internal static JoinFrame Rent(LoopTask task, EventLoop loop)
    {
        var frame = loop.JoinFrames.TryRent<JoinFrame>() ?? new JoinFrame(loop.JoinFrames);
        frame.Status = FrameStatus.Cold;
        frame.Task = task;
        return frame;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void OnTaskEnded(bool isSuccess, EventLoop loop)
    {
        if (!ReferenceEquals(WaitingTask.Top, this))
        {
            // One of several waits of a selection.
            if (isSuccess)
            {
                Resume();
            }
            else
            {
                ResumeFailed();
            }

            return;
        }

        Status = isSuccess ? FrameStatus.Succeeded : FrameStatus.Failed;
        WaitingTask.Reschedule(loop);
    }

    internal override LowLevel.Runner? Awaited => Task;

    internal override string Describe() => Task.Describe();

    internal override bool? WouldComplete(LowLevel.Runner runner) => Task.IsCompleted || ReferenceEquals(Task, runner);

    protected override bool Begin()
    {
        if (ReferenceEquals(Task, WaitingTask))
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

    /// <summary>It goes back to the loop and not to the thread, so that none need be looked up.</summary>
    protected override void ReturnToPool()
    {
        Task = null!;
        _free.Return(this);
    }

    protected override Failure OwnFailure
        => Task.IsCanceled ? new LoopTaskCanceledException(Task)
        : Task.CapturedFailure is { } failure ? failure
        : new InvalidOperationException(
            $"{Task.Describe()} awaits itself, which can never end. Await another task, or return instead.");
}
