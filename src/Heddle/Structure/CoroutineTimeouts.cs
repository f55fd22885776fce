namespace Heddle;

/// <summary>Timeouts for single coroutines.</summary>
/// <remarks>Extensions and not members: a generic struct whose member mentions a wider instance of itself has no end for an AOT compiler.</remarks>
public static class CoroutineTimeouts
{
    /// <summary>Runs this coroutine for so long at the most. The counterpart of <c>asyncio.wait_for</c>.</summary>
    /// <remarks>When the time is over it is cancelled and awaited; a result that it has by then is kept.</remarks>
    /// <exception cref="TimeoutException">The time was over before it had ended.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    public static Coroutine WithTimeout(this Coroutine coroutine, TimeSpan timeout)
        => CancelScope.WithTimeoutAsync(timeout, _ => coroutine);

    /// <inheritdoc cref="WithTimeout(Coroutine, TimeSpan)"/>
    public static Coroutine<T> WithTimeout<T>(this Coroutine<T> coroutine, TimeSpan timeout)
        => CancelScope.WithTimeoutAsync(timeout, _ => coroutine);
}
