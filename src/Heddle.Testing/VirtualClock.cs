namespace Heddle.Testing;

/// <summary>A clock that stands still until the poller moves it.</summary>
internal sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow()
        => GetTimestamp() is var ticks && ticks < (DateTimeOffset.MaxValue - start).Ticks ? start.AddTicks(ticks) : DateTimeOffset.MaxValue;

    /// <summary>For the loop, which asks to be woken: the poller wakes it, as it knows the time. All others have the timers of the loop.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => NoTimer.Instance;

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
