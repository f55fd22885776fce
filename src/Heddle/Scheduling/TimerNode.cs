namespace Heddle;

/// <summary>Something that a <see cref="TimerWheel"/> fires once. The wheel links the nodes through themselves.</summary>
/// <remarks>
/// It is a suspension so that a sleeping coroutine is one object and not two; the timers that wake no coroutine
/// (a scope's deadline, a callback) leave that part unused.
/// </remarks>
internal abstract class TimerNode : Suspension<Nothing>
{
    /// <summary>Not in the wheel.</summary>
    internal const short Idle = -1;

    /// <summary>Taken out of the wheel and about to fire.</summary>
    internal const short Firing = -2;

    internal TimerNode? NextTimer;
    internal TimerNode? PreviousTimer;

    /// <summary>When it is due, in ticks of the loop's time.</summary>
    internal long Due;

    /// <summary>Breaks ties, so that timers that are due at once fire in the order they were set.</summary>
    internal long Sequence;

    protected TimerNode() => Slot = Idle;

    protected internal abstract void Fire();

    protected override bool Begin() => throw new System.Diagnostics.UnreachableException();

    protected override bool Abort() => throw new System.Diagnostics.UnreachableException();
}
