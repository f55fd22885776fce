using Heddle.LowLevel;

namespace Heddle;

/// <summary>A bare await of something foreign, which cannot be abandoned.</summary>
/// <remarks>
/// A foreign awaiter may call back twice, the second time long after the await is over. So an object serves again only for what calls back
/// once for certain, or can be asked whether it has ended: then a call that was meant for an earlier wait goes by, because what is
/// waited for now says that it has not ended. Any other awaiter gets an object, and a delegate, of its own. See docs/decisions/0020.
/// </remarks>
internal sealed class ForeignWait : Frame, ILoopItem
{
    private readonly Action _continuation;
    private readonly ForeignKind _kind;
    private LoopTask? _runner;
    private int _isArmed;

    private ForeignWait(ForeignKind kind)
    {
        _continuation = OnCompleted;
        _kind = kind;
        AwaiterCopy = kind.MakeCopy();
    }

    internal override AwaiterCopy? AwaiterCopy { get; }

    internal Action Continuation => _continuation;

    /// <summary>A wait that is on already: the awaiting frame has been stepped, and resumes after it.</summary>
    internal static ForeignWait Rent(LoopTask runner, Frame awaiting, ForeignKind kind)
    {
        var wait = kind.Free?.TryRent<ForeignWait>() ?? new ForeignWait(kind);
        wait.Status = FrameStatus.Running;
        wait.Parent = awaiting;
        wait._runner = runner;
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
        AwaiterCopy?.Clear();
        _kind.Free?.Return(this);
    }

    internal override string Describe() => $"something foreign ({ForeignNames.OfAwaiter(_kind.Awaiter)})";

    /// <summary>Called by the awaitable, on any thread; an awaiter that calls twice is heard once.</summary>
    private void OnCompleted()
    {
        if (AwaiterCopy is null && Interlocked.Exchange(ref _isArmed, 0) == 0)
        {
            return;
        }

        // One that can be asked is asked on the loop's thread, where it is also given another wait.
        if (_runner is { } runner)
        {
            if (runner.Loop.IsOnThread)
            {
                Resume();
            }
            else
            {
                runner.Loop.SubmitFromOutside(this);
            }
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
        if (AwaiterCopy is { } awaiter)
        {
            if (_isArmed == 0 || !awaiter.HasEnded)
            {
                return;
            }

            _isArmed = 0;
        }

        var runner = _runner!;
        runner.Loop.EndForeignWait();
        runner.Top = Parent;
        runner.Reschedule();
        Recycle();
    }
}
