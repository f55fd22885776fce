using Heddle.LowLevel;

namespace Heddle;

/// <summary>A bare await of something foreign. It cannot be abandoned, so one delegate serves all waits of this object.</summary>
internal sealed class ForeignWait : Frame, ILoopItem
{
    private readonly Action _continuation;
    private LoopTask? _runner;
    private Type? _awaiter;
    private int _isArmed;

    private ForeignWait() => _continuation = OnCompleted;

    internal Action Continuation => _continuation;

    /// <summary>A wait that is on already: the awaiting frame has been stepped, and resumes after it.</summary>
    internal static ForeignWait Rent(LoopTask runner, Frame awaiting, Type awaiter)
    {
        var wait = FreeFrames.Of<ForeignWait>().TryRent<ForeignWait>() ?? new ForeignWait();
        wait.Status = FrameStatus.Running;
        wait.Parent = awaiting;
        wait._runner = runner;
        wait._awaiter = awaiter;
        Volatile.Write(ref wait._isArmed, 1);
        runner.Loop.BeginForeignWait();
        return wait;
    }

    internal override Frame? Step(Runner runner, int depth) => throw new System.Diagnostics.UnreachableException();

    internal override Failure GetFailure() => throw new System.Diagnostics.UnreachableException();

    internal override void Recycle()
    {
        Version++;
        _runner = null;
        _awaiter = null;
        FreeFrames.Of<ForeignWait>().Return(this);
    }

    internal override string Describe() => $"something foreign ({ForeignNames.OfAwaiter(_awaiter!)})";

    /// <summary>Called by the awaitable, on any thread; an awaiter that calls twice is heard once.</summary>
    private void OnCompleted()
    {
        if (Interlocked.Exchange(ref _isArmed, 0) == 0)
        {
            return;
        }

        var loop = _runner!.Loop;
        if (loop.IsOnThread)
        {
            Resume();
        }
        else
        {
            loop.EnterFromOutside(this);
        }
    }

    /// <summary>Has a later call do nothing; false if it was called already. The object is not used again.</summary>
    internal bool TryDisarm()
    {
        if (Interlocked.Exchange(ref _isArmed, 0) == 0)
        {
            return false;
        }

        _runner!.Loop.EndForeignWait();
        return true;
    }

    bool ILoopItem.OnlyWakes => true;

    void ILoopItem.Run() => Resume();

    /// <summary>The task that waits has ended with its loop.</summary>
    void ILoopItem.Drop()
    {
    }

    private void Resume()
    {
        var runner = _runner!;
        runner.Loop.EndForeignWait();
        runner.Top = Parent;
        runner.Yield();
        Recycle();
    }
}
