using System.Globalization;

namespace Heddle;

/// <content>Timeouts.</content>
public sealed partial class CancelScope
{
    /// <summary>Runs the body for so long at the most.</summary>
    /// <remarks>
    /// The body can move its scope's <see cref="Deadline"/>. What it has finished is not thrown away for a deadline that
    /// passed at the same moment. A scope that the body cancels by hand ends quietly.
    /// The counterpart of <c>asyncio.timeout</c>.
    /// </remarks>
    /// <exception cref="TimeoutException">The time was over before the body had ended.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    public static async Coroutine WithTimeoutAsync(TimeSpan timeout, Func<CancelScope, Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Durations.ThrowIfNegative(timeout, nameof(timeout));
        ThrowIfExpired((await EnterAsync(body, timeout, isShield: false)).Exception, timeout);
    }

    /// <inheritdoc cref="WithTimeoutAsync(TimeSpan, Func{CancelScope, Coroutine})"/>
    /// <exception cref="ScopeCanceledException">The scope was cancelled by hand, so there is no result.</exception>
    public static async Coroutine<T> WithTimeoutAsync<T>(TimeSpan timeout, Func<CancelScope, Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Durations.ThrowIfNegative(timeout, nameof(timeout));
        var outcome = await EnterAsync(body, timeout, isShield: false);
        ThrowIfExpired(outcome.Exception, timeout);
        return outcome.Value;
    }

    /// <summary>Runs the body for so long at the most, and goes on after that.</summary>
    /// <returns>True if the body ran to its end; false if its scope was cancelled, by the deadline or by hand.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    public static async Coroutine<bool> MoveOnAfterAsync(TimeSpan timeout, Func<CancelScope, Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Durations.ThrowIfNegative(timeout, nameof(timeout));
        return (await EnterAsync(body, timeout, isShield: false)).IsSuccess;
    }

    /// <summary>Runs the body for so long at the most, and goes on after that.</summary>
    /// <returns>The body's result, or a cancelled outcome.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    public static async Coroutine<Outcome<T>> MoveOnAfterAsync<T>(TimeSpan timeout, Func<CancelScope, Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Durations.ThrowIfNegative(timeout, nameof(timeout));
        return await EnterAsync(body, timeout, isShield: false);
    }

    private static void ThrowIfExpired(Exception? cancellation, TimeSpan timeout)
    {
        if (cancellation is ScopeCanceledException { Scope.HasExpired: true })
        {
            throw new TimeoutException(
                string.Create(CultureInfo.InvariantCulture, $"The operation did not complete within {timeout.TotalSeconds:0.###} s."),
                cancellation);
        }
    }
}
