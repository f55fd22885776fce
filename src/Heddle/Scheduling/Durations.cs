namespace Heddle;

/// <summary>Checks and sums of time spans that callers give.</summary>
internal static class Durations
{
    /// <summary>The instant so far after another; the end of time instead of an overflow.</summary>
    internal static TimeSpan After(TimeSpan instant, TimeSpan duration)
        => new(After(instant.Ticks, duration.Ticks));

    /// <inheritdoc cref="After(TimeSpan, TimeSpan)"/>
    internal static long After(long instant, long duration)
        => duration > long.MaxValue - instant ? long.MaxValue : instant + duration;

    internal static void ThrowIfNegative(TimeSpan duration, string name)
    {
        if (duration < TimeSpan.Zero && duration != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(
                name,
                duration,
                "A duration must not be negative; only Timeout.InfiniteTimeSpan, which stands for 'never', is.");
        }
    }
}
