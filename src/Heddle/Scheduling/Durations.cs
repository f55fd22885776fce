using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Checks and sums of time spans that callers give.</summary>
internal static class Durations
{
    /// <summary>In milliseconds for what takes an <see cref="int"/>: rounded up, and <see cref="Timeout.Infinite"/> for more than there are.</summary>
    internal static int InMilliseconds(TimeSpan duration)
        => duration == Timeout.InfiniteTimeSpan || duration.TotalMilliseconds >= int.MaxValue
            ? Timeout.Infinite
            : (int)Math.Ceiling(duration.TotalMilliseconds);

    /// <summary>The instant so far after another; the end of time instead of an overflow.</summary>
    internal static TimeSpan After(TimeSpan instant, TimeSpan duration)
        => new(After(instant.Ticks, duration.Ticks));

    /// <inheritdoc cref="After(TimeSpan, TimeSpan)"/>
    internal static long After(long instant, long duration)
        => duration > long.MaxValue - instant ? long.MaxValue : instant + duration;

    /// <summary>Not negative; <see cref="Timeout.InfiniteTimeSpan"/> stands for "never" or "without limit", wherever a span is given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ThrowIfNegative(TimeSpan duration, string name)
    {
        if (duration < TimeSpan.Zero && duration != Timeout.InfiniteTimeSpan)
        {
            throw Negative(duration, name);
        }
    }

    /// <summary>For the accessors of options: the span, if it is one.</summary>
    /// <inheritdoc cref="ThrowIfNegative"/>
    internal static TimeSpan Checked(TimeSpan duration, string name)
    {
        ThrowIfNegative(duration, name);
        return duration;
    }

    private static ArgumentOutOfRangeException Negative(TimeSpan duration, string name) => new(
        name, duration, "A duration must not be negative; only Timeout.InfiniteTimeSpan, which stands for 'never', is.");

    /// <summary>For what would make no sense at once: the span, if it takes time.</summary>
    internal static TimeSpan CheckedPositive(TimeSpan duration, string name)
        => duration > TimeSpan.Zero || duration == Timeout.InfiniteTimeSpan
            ? duration
            : throw new ArgumentOutOfRangeException(
                name, duration, "This must take more than no time; Timeout.InfiniteTimeSpan stands for 'without limit'.");

    /// <summary>The limits of the platform's timers, whose code counts in whole milliseconds.</summary>
    internal static void ThrowIfNoTimersTime(TimeSpan time, string name)
    {
        if ((long)time.TotalMilliseconds is < -1 or > 0xfffffffe)
        {
            throw new ArgumentOutOfRangeException(
                name, time, "A timer takes from 0 to 4294967294 ms, and Timeout.InfiniteTimeSpan for 'never'.");
        }
    }
}
