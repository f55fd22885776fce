namespace Heddle;

/// <summary>Reads a <see cref="TimeProvider"/> as ticks of <see cref="TimeSpan"/> since the start.</summary>
/// <remarks>
/// <see cref="TimeProvider.GetElapsedTime(long)"/> does the same by a division in floating point, which costs more than
/// the reading; the two frequencies that occur need none.
/// </remarks>
internal readonly struct LoopClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long NanosecondsPerTick = NanosecondsPerSecond / TimeSpan.TicksPerSecond;

    private readonly TimeProvider _provider;
    private readonly long _started;
    private readonly long _frequency;

    internal LoopClock(TimeProvider provider)
    {
        _provider = provider;
        _started = provider.GetTimestamp();
        _frequency = provider.TimestampFrequency;
    }

    /// <summary>Any thread.</summary>
    internal long Ticks
    {
        get
        {
            var elapsed = _provider.GetTimestamp() - _started;
            return _frequency switch
            {
                NanosecondsPerSecond => elapsed / NanosecondsPerTick,
                TimeSpan.TicksPerSecond => elapsed,
                _ => (long)((Int128)elapsed * TimeSpan.TicksPerSecond / _frequency),
            };
        }
    }
}
