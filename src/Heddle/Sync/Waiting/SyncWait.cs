using System.Diagnostics;
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
        Status = FrameStatus.Prompt;
    }

    internal sealed override bool CanEndAtOnce()
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
    internal sealed override void EndAtOnce()
    {
        // The loop knows its task as well as the thread does, and is cheaper to ask.
        if (Status != FrameStatus.Prompt
            || _binding.Loop?.Entered.Runner is not { IsDrivenByHand: false } runner
            || !CanGrant(LoopTask.Of(runner)))
        {
            ThrowFailure();
            return;
        }

        var task = LoopTask.Of(runner);
        Grant(task);
        task.CountCompletion();
        Status = FrameStatus.Succeeded;
    }

    /// <summary>Whether the primitive can grant this now, and it is no error. No side effect.</summary>
    protected abstract bool CanGrant(LoopTask task);

    /// <summary>Takes effect for the task, which goes on at once; <see cref="CanGrant"/> was true.</summary>
    protected abstract void Grant(LoopTask task);

    /// <summary>Stands in line and returns null; or returns why that is an error.</summary>
    protected abstract Exception? TryEnqueue(LoopTask task);

    protected sealed override bool Begin()
    {
        if (!_binding.Is(Runner.Loop) && !TryBind())
        {
            return true;
        }

        if (CanGrant(Runner))
        {
            GrantOrFail();
            return true;
        }

        if (TryEnqueue(Runner) is { } refusal)
        {
            FailAtOnce(refusal);
            return true;
        }

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
        var isLoops = HasEnded && (Runner is null ? Status == FrameStatus.Succeeded : _binding.Is(Runner.Loop));
        _failure = null;
        Forget();
        if (isLoops)
        {
            ReturnToPrimitive();
        }
    }

    /// <summary>Puts it back to the primitive's free waits. Loop thread only.</summary>
    protected abstract void ReturnToPrimitive();

    private bool TryBind()
    {
        try
        {
            _binding.Verify(Runner.Loop, _member);
            return true;
        }
        catch (InvalidOperationException misuse)
        {
            FailAtOnce(misuse);
            return false;
        }
    }

    /// <summary>It may run code of the user's (a comparer), and a frame's step never throws.</summary>
    private void GrantOrFail()
    {
        try
        {
            Grant(Runner);
        }
        catch (Exception failure)
        {
            FailAtOnce(failure);
        }
    }

    private void FailAtOnce(Exception failure)
    {
        _failure = new CapturedFailure(failure);
        FailAtOnce();
    }
}
