namespace Heddle.Testing;

/// <summary>A clock that stands still until the poller moves it.</summary>
internal sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => start.AddTicks(GetTimestamp());

    internal void Advance(TimeSpan time) => Volatile.Write(ref _ticks, _ticks + time.Ticks);
}
