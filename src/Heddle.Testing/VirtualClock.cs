namespace Heddle.Testing;

/// <summary>A clock that stands still until the poller moves it.</summary>
internal sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks;
    private TimeSpan _jumped;
    private Exception? _brokenBy;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => _brokenBy is null ? Elapsed : throw _brokenBy;

    public override DateTimeOffset GetUtcNow()
    {
        var ticks = GetTimestamp();
        var now = ticks < (DateTimeOffset.MaxValue - Start).Ticks ? Start.AddTicks(ticks) : DateTimeOffset.MaxValue;
        return Offset is null ? now : new(Math.Clamp(now.Ticks + Offset().Ticks, 0, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }

    /// <summary>For the loop, which asks to be woken: the poller wakes it, as it knows the time. All others have the timers of the loop.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => NoTimer.Instance;

    /// <summary>Since the start, in ticks.</summary>
    internal long Elapsed => Volatile.Read(ref _ticks);

    /// <summary>How far the date and the time of day are before those that the clock has, for the code that runs; null if that never is.</summary>
    internal Func<TimeSpan>? Offset { private get; set; }

    private DateTimeOffset Start => start + _jumped;

    /// <summary>Somebody sets the date and the time of day; the loop's time, which timers go by, is not touched.</summary>
    internal void Jump(TimeSpan by)
    {
        var to = start.Ticks + (_jumped + by).Ticks;
        if (to > 0 && to < DateTimeOffset.MaxValue.Ticks)
        {
            _jumped += by;
        }
    }

    /// <summary>From now on, whoever asks for the time has this thrown.</summary>
    internal void Break(Exception failure) => _brokenBy = failure;

    internal void MoveTo(TimeSpan time) => Volatile.Write(ref _ticks, time.Ticks);

    private sealed class NoTimer : ITimer
    {
        internal static readonly NoTimer Instance = new();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
