namespace Heddle;

/// <content>Sleeping.</content>
public readonly partial struct Coroutine
{
    /// <summary>Sleeps for the duration, counted from when it is awaited.</summary>
    /// <param name="duration">
    /// Resolution: one millisecond, rounded up. <see cref="TimeSpan.Zero"/> gives the other ready tasks their turn;
    /// <see cref="Timeout.InfiniteTimeSpan"/> sleeps until cancelled.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The duration is negative.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it sleeps.</exception>
    public static Coroutine Delay(TimeSpan duration)
    {
        Durations.ThrowIfNegative(duration, nameof(duration));
        return new(DelayFrame.Rent(duration));
    }
}
