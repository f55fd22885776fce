namespace Heddle;

/// <content>Keeping cancellation out, for clean-up.</content>
public sealed partial class CancelScope
{
    /// <summary>Runs the body in a scope that no cancellation from further out reaches. It is met at the next suspension after it.</summary>
    /// <remarks>For clean-up that has to await. Prefer the overload with a deadline: a shielded wait can hold up a whole program.</remarks>
    public static async Coroutine ShieldAsync(Func<Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        await EnterAsync(_ => body(), Timeout.InfiniteTimeSpan, isShield: true);
    }

    /// <inheritdoc cref="ShieldAsync(Func{Coroutine})"/>
    public static async Coroutine<T> ShieldAsync<T>(Func<Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return (await EnterAsync(_ => body(), Timeout.InfiniteTimeSpan, isShield: true)).Value;
    }

    /// <summary>Runs the body in a scope that no cancellation from further out reaches, for so long at the most.</summary>
    /// <exception cref="TimeoutException">The time was over before the body had ended.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    public static async Coroutine ShieldAsync(TimeSpan timeout, Func<Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Durations.ThrowIfNegative(timeout, nameof(timeout));
        ThrowIfExpired((await EnterAsync(_ => body(), timeout, isShield: true)).Exception, timeout);
    }

    /// <inheritdoc cref="ShieldAsync(TimeSpan, Func{Coroutine})"/>
    public static async Coroutine<T> ShieldAsync<T>(TimeSpan timeout, Func<Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Durations.ThrowIfNegative(timeout, nameof(timeout));
        var outcome = await EnterAsync(_ => body(), timeout, isShield: true);
        ThrowIfExpired(outcome.Exception, timeout);
        return outcome.Value;
    }
}
