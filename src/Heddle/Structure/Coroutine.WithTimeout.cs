namespace Heddle;

/// <content>Timeouts.</content>
public readonly partial struct Coroutine
{
    /// <summary>Runs this coroutine for so long at the most. The counterpart of <c>asyncio.wait_for</c>.</summary>
    /// <remarks>When the time is over it is cancelled and awaited; a result that it has by then is kept.</remarks>
    /// <exception cref="TimeoutException">The time was over before it had ended.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    public Coroutine WithTimeout(TimeSpan timeout)
    {
        var coroutine = this;
        return CancelScope.WithTimeoutAsync(timeout, _ => coroutine);
    }
}

/// <content>Timeouts.</content>
public readonly partial struct Coroutine<T>
{
    /// <inheritdoc cref="Coroutine.WithTimeout"/>
    public Coroutine<T> WithTimeout(TimeSpan timeout)
    {
        var coroutine = this;
        return CancelScope.WithTimeoutAsync(timeout, _ => coroutine);
    }
}
