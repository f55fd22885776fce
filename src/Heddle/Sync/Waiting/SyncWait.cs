using System.Diagnostics;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A wait for a primitive: what can be granted at once is granted within the await, without a step of its own.</summary>
/// <remarks>
/// What was granted stays granted: from then on the wait cannot be aborted, and a cancellation is met at the task's next
/// suspension. So nothing is ever taken back from a waiter, and nothing can get lost on the way back.
/// See docs/decisions/0008.
/// </remarks>
internal abstract class SyncWait<T> : Waiter<T>
{
    private readonly LoopBinding _binding;
    private readonly string _member;
    private CapturedFailure? _failure;

    /// <param name="binding">The primitive's.</param>
    /// <param name="member">What the user called, for the error of a wrong loop.</param>
    protected SyncWait(LoopBinding binding, string member)
    {
        _binding = binding;
        _member = member;
        Status = FrameStatus.Eager;
    }

    /// <summary>
    /// Not for a primitive that must know for sure for whom it grants this. Within an await it cannot: foreign code that the task has called
    /// runs in the same step. In a step of this wait it is the task; foreign code waits by a task of its own.
    /// </summary>
    internal override bool CanCompleteNow()
    {
        var task = LoopTask.CurrentOrThrow();

        // Foreign code of the task, which runs between its steps, is a flow of its own, and waits as one.
        if (task.State == RunnerState.Running
            && task.MayCompleteAtOnce
            && task.Scope.CanceledBy is null
            && _binding.Is(task.Loop)
            && CanGrant(task))
        {
            return true;
        }

        Status = FrameStatus.Cold;
        return false;
    }

    [StackTraceHidden]
    internal sealed override void CompleteNow()
    {
        // The loop knows its task as well as the thread does, and is cheaper to ask.
        if (Status != FrameStatus.Eager
            || _binding.Loop?.OwnThread.Runner is not { IsDrivenByHand: false } runner
            || !CanGrant(LoopTask.Of(runner)))
        {
            ThrowFailure();
            return;
        }

        var task = LoopTask.Of(runner);
        try
        {
            GrantWithinAwait(task);
        }
        catch
        {
            // A comparer of the user's threw. Nobody else recycles this, and what it was to put is not kept.
            Status = FrameStatus.Succeeded;
            Recycle();
            throw;
        }

        task.CountCompletion();
        Status = FrameStatus.Succeeded;
    }

    /// <summary>Whether the primitive can grant this now, and it is no error. No side effect.</summary>
    protected abstract bool CanGrant(LoopTask task);

    /// <summary>Takes effect for the task, which goes on at once; <see cref="CanGrant"/> was true.</summary>
    protected abstract void Grant(LoopTask task);

    /// <summary>The same within an await, where foreign code that the task has called may be who awaits.</summary>
    protected virtual void GrantWithinAwait(LoopTask task) => Grant(task);

    /// <summary>Why it would be an error to stand in line; null if it is none.</summary>
    protected virtual Exception? Refuse(LoopTask task) => null;

    /// <summary>Stands in line.</summary>
    protected abstract void Enqueue(LoopTask task);

    /// <summary>
    /// Whether the task itself takes it for sure. Within an await foreign code that the task has called may do; in a step of this wait, which
    /// then has an awaiter, it cannot.
    /// </summary>
    protected bool IsTakenByTask => Status != FrameStatus.Eager && Parent is not null;

    internal sealed override bool? WouldComplete(Runner runner)
    {
        var task = LoopTask.Of(runner);
        return (!_binding.Is(task.Loop) && _binding.Loop is not null) || CanGrant(task) || Refuse(task) is not null;
    }

    protected sealed override bool Begin()
    {
        try
        {
            _binding.Bind(WaitingTask.Loop, _member);
            if (CanGrant(WaitingTask))
            {
                // It may run code of the user's (a comparer).
                Grant(WaitingTask);
                return true;
            }

            _failure = Refuse(WaitingTask) is { } refusal ? new CapturedFailure(refusal) : null;
        }
        catch (Exception failure)
        {
            _failure = new CapturedFailure(failure);
        }

        if (_failure is not null)
        {
            FailAtOnce();
            return true;
        }

        Enqueue(WaitingTask);
        return false;
    }

    protected sealed override Failure OwnFailure => _failure!;

    /// <summary>Ends the wait with an error. It must not stand in line any more.</summary>
    protected void Fail(Exception failure)
    {
        _failure = new CapturedFailure(failure);
        ResumeFailed();
    }

    internal sealed override void Recycle()
    {
        // A wait that never began may be on another thread, and one that failed to begin on another loop.
        var isLoops = HasEnded && (WaitingTask is null ? Status == FrameStatus.Succeeded : _binding.Is(WaitingTask.Loop));
        _failure = null;
        Forget();
        if (isLoops)
        {
            ReturnToPrimitive();
        }
    }

    /// <summary>Puts it back to the primitive's free waits. Loop thread only.</summary>
    protected abstract void ReturnToPrimitive();
}

/// <summary>The free waits of one primitive. They belong to it for good, so that renting and returning one writes no reference.</summary>
internal struct WaitFrames<TWait>
    where TWait : Frame
{
    private FramePool _pool;

    /// <summary>A free wait, ready to be awaited; null if there is none, or if this is another thread than the loop's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TWait? TryRent(LoopBinding binding) => binding.IsCurrent ? _pool.TryRent<TWait>() : null;

    /// <summary>
    /// The same for a wait that takes no arguments. Calls that race on two threads may then get the same one, of which the
    /// frame's version lets one await succeed; so it needs no look at the thread, which costs as much as all the rest.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TWait? TryRentUnchecked(LoopBinding binding) => _pool.IsAtHandFree ? _pool.RentAtHand<TWait>() : TryRent(binding);

    /// <summary>Loop thread only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Return(TWait wait)
    {
        wait.Status = FrameStatus.Eager;
        _pool.Return(wait);
    }
}
