namespace Heddle.LowLevel;

/// <summary>Calls back once, after a time; it can be set again as often as wanted. The counterpart of <c>loop.call_later</c>.</summary>
/// <remarks>
/// Loop thread only; setting and cancelling cost O(1) and allocate nothing. For other threads, and for code that takes a
/// <see cref="TimeProvider"/>, there are the timers of <see cref="EventLoop.Clock"/>.
/// </remarks>
public sealed class LoopTimer
{
    private readonly CallbackTimer _timer;
    private readonly EventLoop _loop;

    /// <param name="loop">The loop whose time counts.</param>
    /// <param name="callback">
    /// Runs on the loop, between the steps of tasks, in the ambient context of whoever makes the timer. What it throws goes to the loop's handler.
    /// </param>
    public LoopTimer(EventLoop loop, Action callback)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(callback);
        _loop = loop;

        // Kept only where it is another than the loop's own: most timers need no room for it.
        var context = ExecutionContext.Capture();
        _timer = new CallbackTimer(loop, context is null || ReferenceEquals(context, loop.BaseContext)
            ? callback
            : () => ExecutionContext.Run(context, static callback => ((Action)callback!)(), callback));
    }

    /// <summary>Whether it is set and has not fired.</summary>
    public bool IsScheduled => _timer.Slot != TimerNode.Idle;

    /// <summary>Has it fire after the time, counted from now; a time set before no longer counts.</summary>
    /// <param name="delay">Resolution: one millisecond, rounded up. <see cref="Timeout.InfiniteTimeSpan"/> has it never fire.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    public void Schedule(TimeSpan delay)
    {
        Durations.ThrowIfNegative(delay, nameof(delay));
        _loop.VerifyThread("LoopTimer.Schedule");
        if (_timer.Slot != TimerNode.Idle)
        {
            _loop.Timers.Cancel(_timer);
        }

        if (delay != Timeout.InfiniteTimeSpan)
        {
            _loop.Timers.Schedule(_timer, Durations.After(_loop.NowTicks, delay.Ticks));
        }
    }

    /// <summary>Has it not fire; nothing happens if it is not set.</summary>
    public void Cancel()
    {
        _loop.VerifyThread("LoopTimer.Cancel");
        _loop.Timers.Cancel(_timer);
    }

    private sealed class CallbackTimer(EventLoop loop, Action callback) : TimerNode
    {
        protected internal override void Fire()
        {
            loop.CallbackCount++;
            try
            {
                callback();
            }
            finally
            {
                loop.CallbackCount++;

                // What it wrote to an AsyncLocal is its own.
                AmbientContext.Restore(loop.BaseContext);
            }
        }
    }
}
