using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The failures of waits whose beginning threw. Beside the waits, as next to none of them needs the room.</summary>
internal static class BrokenWaits
{
    private static readonly ConditionalWeakTable<Frame, Exception> s_failures = [];

    internal static void Keep(Frame wait, Exception failure) => s_failures.AddOrUpdate(wait, failure);

    internal static Exception FailureOf(Frame wait)
        => s_failures.TryGetValue(wait, out var failure) ? failure : throw new System.Diagnostics.UnreachableException();
}

/// <summary>A hand-written frame at the top of a task's stack: the few places where a task really waits.</summary>
/// <remarks>
/// The protocol, which every wait of the library follows: a cancelled scope is met on entry, before any effect
/// (<see cref="Begin"/> is not called); while waiting, either <see cref="Resume"/> or <see cref="Abort"/> happens,
/// never both, so nothing that was handed over can be lost; after either the task goes through the ready queue.
/// What <see cref="Begin"/> throws all the same is the wait's failure, and no other's: the loop brings it back by <see cref="Break"/>.
/// </remarks>
internal abstract class Suspension<T> : Frame<T>
{
    /// <summary>The waiting task; set from the first step on.</summary>
    protected LoopTask WaitingTask { get; private set; } = null!;

    internal sealed override Frame? Step(Runner current, int depth)
    {
        var runner = LoopTask.Of(current);
        WaitingTask = runner;
        Status = FrameStatus.Running;
        if (runner.Scope.CanceledBy is not null && ChecksCancellationOnEntry)
        {
            Status = FrameStatus.Canceled;
            runner.CountRefusal();
            return runner.Return(this);
        }

        if (!ReferenceEquals(runner.Top, this))
        {
            // A task mostly waits for the same thing again, by the same frame.
            runner.Top = this;
        }

        runner.State = RunnerState.Suspended;
        if (!Begin())
        {
            return null;
        }

        runner.State = RunnerState.Running;
        if (Status == FrameStatus.Running)
        {
            Status = FrameStatus.Succeeded;
        }

        return runner.Return(this);
    }

    internal override bool CanBeSelected => ChecksCancellationOnEntry;

    internal override bool? WouldComplete(Runner runner) => null;

    internal sealed override bool RefuseWithoutTask()
    {
        Status = FrameStatus.Failed;
        return true;
    }

    /// <summary>What a wait that failed throws. Most waits cannot fail, so the base keeps nothing for it.</summary>
    protected virtual Failure OwnFailure => throw new System.Diagnostics.UnreachableException();

    /// <summary>False only for what must be waited for even in a cancelled scope.</summary>
    protected virtual bool ChecksCancellationOnEntry => true;

    /// <summary>Completes at once and returns true, or arranges for <see cref="Resume"/> and returns false. Must not throw.</summary>
    protected abstract bool Begin();

    /// <summary>Undoes what <see cref="Begin"/> arranged, so that no <see cref="Resume"/> follows; false if that cannot be done.</summary>
    protected abstract bool Abort();

    /// <summary>Puts the object back to its pool; the base has cleared its own part.</summary>
    protected virtual void ReturnToPool()
    {
    }

    internal sealed override bool TryAbort()
    {
        if (Status != FrameStatus.Running)
        {
            return false;
        }

        Status = FrameStatus.Aborting;
        if (!AbortContained())
        {
            Status = FrameStatus.Running;
            return false;
        }

        End(FrameStatus.Canceled);
        return true;
    }

    internal sealed override Failure GetFailure()
        => WaitingTask is null ? Misuse.NeedsTask()
        : Status == FrameStatus.Canceled ? WaitingTask.Scope.CreateCancellation()
        : Status == FrameStatus.Broken ? BrokenWaits.FailureOf(this)
        : OwnFailure;

    internal sealed override bool Break(Exception failure)
    {
        BrokenWaits.Keep(this, failure);
        Status = FrameStatus.Broken;
        return true;
    }

    internal sealed override void GiveUp(Exception failure) => Break(failure);

    internal override void Recycle()
    {
        var mayServeAgain = Status != FrameStatus.Broken;
        Forget();
        if (mayServeAgain)
        {
            // What the beginning of a broken wait had arranged may still point to it.
            ReturnToPool();
        }
    }

    /// <summary>Clears what the base keeps of a wait.</summary>
    protected void Forget()
    {
        Value = default!;
        WaitingTask = null!;
    }

    /// <summary>The wait is over: the task becomes ready. Loop thread only, at most once a wait.</summary>
    protected void Resume() => End(FrameStatus.Succeeded);

    /// <summary>The wait is over and throws <see cref="OwnFailure"/>.</summary>
    protected void ResumeFailed() => End(FrameStatus.Failed);

    /// <summary>The wait is over and throws the cancellation of the task's scope: for one that could not be aborted at once.</summary>
    protected void ResumeCanceled() => End(FrameStatus.Canceled);

    /// <summary>From within <see cref="Begin"/>, which then returns true: the await throws <see cref="OwnFailure"/> at once.</summary>
    protected void FailAtOnce() => Status = FrameStatus.Failed;

    /// <summary>One handler that throws must not keep the cancellation from the other tasks of the scope; its own wait goes on.</summary>
    private bool AbortContained()
    {
        try
        {
            return Abort();
        }
        catch (Exception failure)
        {
            WaitingTask.Loop.Report(LoopReports.CallbackFailed(WaitingTask, failure));
            return false;
        }
    }

    internal override bool BeginBeside(Runner runner)
    {
        WaitingTask = LoopTask.Of(runner);
        Status = FrameStatus.Running;
        if (Begin() && Status == FrameStatus.Running)
        {
            Status = FrameStatus.Succeeded;
        }

        return HasEnded;
    }

    internal sealed override void Forgo(Runner runner)
    {
        WaitingTask = LoopTask.Of(runner);
        Status = FrameStatus.Canceled;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void End(FrameStatus status)
    {
        Status = status;
        if (ReferenceEquals(WaitingTask.Top, this))
        {
            WaitingTask.Reschedule();
        }
        else
        {
            EndInSelection();
        }
    }

    /// <summary>Not what the task itself waits for: one of several waits of a selection, which decides whether the task goes on.</summary>
    private void EndInSelection()
    {
        if (WaitingTask.Top is Selection selection)
        {
            selection.OnEnded(this);
        }
        else
        {
            WaitingTask.Reschedule();
        }
    }
}
