using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Waits for a task to end.</summary>
internal sealed class JoinFrame : Waiter<Nothing>
{
    private readonly FreeFrames _free;

    private JoinFrame(FreeFrames free) => _free = free;

    internal LoopTask Target { get; private set; } = null!;

    internal static JoinFrame Rent(LoopTask task, EventLoop loop)
    {
        var frame = loop.JoinFrames.TryRent<JoinFrame>() ?? new JoinFrame(loop.JoinFrames);
        frame.Status = FrameStatus.Cold;
        frame.Target = task;
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

    internal override LowLevel.Runner? Awaited => Target;

    internal override string Describe() => Target.Describe();

    internal override bool? WouldComplete(LowLevel.Runner runner) => Target.IsCompleted || ReferenceEquals(Target, runner);

    protected override bool Begin()
    {
        if (ReferenceEquals(Target, WaitingTask))
        {
            FailAtOnce();
            return true;
        }

        if (!Target.IsCompleted)
        {
            Target.AddJoiner(this);
            return false;
        }

        Target.MarkObserved();
        if (!Target.IsCompletedSuccessfully)
        {
            FailAtOnce();
        }

        return true;
    }

    protected override bool Abort()
    {
        Target.RemoveJoiner(this);
        return true;
    }

    /// <summary>It goes back to the loop and not to the thread, so that none need be looked up.</summary>
    protected override void ReturnToPool()
    {
        Target = null!;
        _free.Return(this);
    }

    protected override Failure OwnFailure
        => Target.IsCanceled ? new LoopTaskCanceledException(Target)
        : Target.CapturedFailure is { } failure ? failure
        : new InvalidOperationException(
            $"{Target.Describe()} awaits itself, which can never end. Await another task, or return instead.");
}
