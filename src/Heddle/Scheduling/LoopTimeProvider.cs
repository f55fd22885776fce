namespace Heddle;

/// <summary>The time of the clock that the loop was given, with timers of the loop's own.</summary>
internal sealed class LoopTimeProvider(EventLoop loop, TimeProvider clock) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new LoopTimeProviderTimer(loop, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

/// <summary>An <see cref="ITimer"/> on the loop's wheel. Any thread may change it; the last call counts, and counts from when it was made.</summary>
/// <remarks>
/// What it is to do stands in fields under a lock, and the loop alone sets it in its wheel. When it fires earlier than the fields say, or
/// though they say never, another thread has changed it, and what that posted is on its way.
/// </remarks>
internal sealed class LoopTimeProviderTimer(EventLoop loop, TimerCallback callback, object? state) : TimerNode, ITimer
{
    private const long Never = -1;

    private readonly Lock _gate = new();
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private long _due = Never;
    private long _period;
    private bool _isSettingPosted;
    private bool _isRunning;
    private bool _isDisposed;
    private TaskCompletionSource? _idle;

    /// <returns>False once it is disposed of. After the loop's end it does nothing.</returns>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Durations.ThrowIfNoTimersTime(dueTime, nameof(dueTime));
        Durations.ThrowIfNoTimersTime(period, nameof(period));
        return Change(
            (long)dueTime.TotalMilliseconds == Timeout.Infinite ? Never : Durations.After(loop.NowTicks, Math.Max(0, dueTime.Ticks)),
            period < TimeSpan.FromMilliseconds(1) ? 0 : period.Ticks,
            disposes: false);
    }

    public void Dispose() => Change(Never, 0, disposes: true);

    /// <summary>Completes when a callback that runs has ended.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        lock (_gate)
        {
            return _isRunning
                ? new((_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task)
                : default;
        }
    }

    internal override string Describe() => "a timer";

    protected internal override void Fire()
    {
        loop.ClockTimers--;
        lock (_gate)
        {
            if (_due != Due)
            {
                Set(_due);
                return;
            }

            // Ticks that were missed are left out, and the others stay where they are.
            var now = loop.NowTicks;
            _due = _period == 0 ? Never
                : Due > now - _period ? Durations.After(Due, _period)
                : Durations.After(now, _period - ((now - Due) % _period));
            Set(_due);
            _isRunning = true;
        }

        loop.CallbackCount++;
        try
        {
            Call();
        }
        finally
        {
            loop.CallbackCount++;
            lock (_gate)
            {
                _isRunning = false;
            }

            _idle?.SetResult();
        }
    }

    private bool Change(long due, long period, bool disposes)
    {
        var isOnThread = loop.IsOnThread;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return false;
            }

            _isDisposed = disposes;
            _due = due;
            _period = period;
            if (isOnThread)
            {
                Set(due);
                return true;
            }

            if (_isSettingPosted)
            {
                return true;
            }

            _isSettingPosted = true;
        }

        loop.SubmitFromOutside(new Setting(this));
        return true;
    }

    /// <summary>Loop thread only, under the lock.</summary>
    private void Set(long due)
    {
        if (Slot != Idle)
        {
            loop.Timers.Cancel(this);
            loop.ClockTimers--;
        }

        if (due != Never)
        {
            loop.Timers.Schedule(this, due);
            loop.ClockTimers++;
        }
    }

    private void Call()
    {
        if (_context is not null)
        {
            ExecutionContext.Run(_context, static timer => ((LoopTimeProviderTimer)timer!).Invoke(), this);
            return;
        }

        try
        {
            Invoke();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
            AmbientContext.Restore(loop.BaseContext);
        }
    }

    private void Invoke() => callback(state);

    private sealed class Setting(LoopTimeProviderTimer timer) : ILoopItem
    {
        public void Run()
        {
            lock (timer._gate)
            {
                timer._isSettingPosted = false;
                timer.Set(timer._due);
            }
        }

        /// <summary>A timer of a loop that has ended does not fire.</summary>
        public void Drop()
        {
        }
    }
}
