namespace Heddle;

/// <content>Sleeping.</content>
public readonly partial struct Coroutine
{
    /// <summary>A yield as a coroutine, to be handed over where one is wanted. It is slower than to await the yield itself.</summary>
    public static implicit operator Coroutine(LowLevel.LoopYieldAwaitable yield) => Delay(TimeSpan.Zero);

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
