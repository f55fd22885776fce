namespace Heddle;

/// <summary>Reads a <see cref="TimeProvider"/> as ticks of <see cref="TimeSpan"/> since the start.</summary>
/// <remarks>
/// <see cref="TimeProvider.GetElapsedTime(long)"/> does the same by a division in floating point, which costs more than
/// the reading; the two frequencies that occur need none.
/// </remarks>
internal sealed class LoopClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long NanosecondsPerTick = NanosecondsPerSecond / TimeSpan.TicksPerSecond;

    private readonly TimeProvider _provider;
    private readonly long _frequency;
    private readonly bool _isTrusted;
    private readonly Lock _gate = new();
    private long _started;
    private long _last;

    internal LoopClock(TimeProvider provider)
    {
        _provider = provider;
        _started = provider.GetTimestamp();
        _last = _started;
        _frequency = provider.TimestampFrequency;
        _isTrusted = ReferenceEquals(provider, TimeProvider.System);
    }

    /// <summary>Any thread.</summary>
    internal long Ticks
    {
        get
        {
            var elapsed = _isTrusted ? _provider.GetTimestamp() - _started : Elapsed();
            return _frequency switch
            {
                NanosecondsPerSecond => elapsed / NanosecondsPerTick,
                TimeSpan.TicksPerSecond => elapsed,
                _ => (long)Int128.Min((Int128)elapsed * TimeSpan.TicksPerSecond / _frequency, long.MaxValue),
            };
        }
    }

    /// <summary>Where another's clock steps back, the loop's time stands for a moment and then goes on: what is set meanwhile is not late by the step.</summary>
    private long Elapsed()
    {
        lock (_gate)
        {
            var now = _provider.GetTimestamp();
            if (now < _last)
            {
                _started -= _last - now;
            }

            _last = now;
            return now - _started;
        }
    }
}

/// <summary>Ends the loop's wait when a clock that is not the system's has come to a time: only its own timers know when that is.</summary>
internal sealed class ClockAlarm(LoopClock clock, TimeProvider provider, Action ring) : IDisposable
{
    /// <summary>The longest that timers take.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(0xfffffffe);

    private ITimer? _timer;

    /// <summary>Sets the clock's timer. The loop must count as asleep by then, so that the ring is heard.</summary>
    /// <returns>False if it is that time already, or all but: then the loop must not sleep.</returns>
    /// <remarks>
    /// The clock counts from when its timer is set, the loop from when it looked; if the clock moves in between, the ring is late by as
    /// much. So it is looked at again, and the timer set anew with an allowance. A clock that each look moves is dealt with by the same.
    /// </remarks>
    internal bool TrySet(long due)
    {
        var allowance = 0L;
        var looked = clock.Ticks;
        while (due - looked > allowance)
        {
            Change(due - looked - allowance);
            var moved = -looked + (looked = clock.Ticks);
            if (moved <= allowance)
            {
                return due > looked;
            }

            allowance = 2 * moved;
        }

        return false;
    }

    public void Dispose() => _timer?.Dispose();

    private void Change(long delay)
    {
        var time = TimeSpan.FromTicks(Math.Min(delay, s_longest.Ticks));
        if (_timer is null)
        {
            _timer = provider.CreateTimer(static alarm => ((ClockAlarm)alarm!).Ring(), this, time, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(time, Timeout.InfiniteTimeSpan);
        }
    }

    private void Ring() => ring();
}
