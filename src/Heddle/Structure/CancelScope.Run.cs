namespace Heddle;

/// <content>Entering and leaving: plainly, for a time, for clean-up, with a token.</content>
public sealed partial class CancelScope
{
    /// <summary>Runs the body in a new scope.</summary>
    /// <returns>True if the body ran to its end; false if it ended because this scope was cancelled.</returns>
    public static async Coroutine<bool> RunAsync(Func<CancelScope, Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return (await EnterAsync(body, Timeout.InfiniteTimeSpan, isShield: false)).IsSuccess;
    }

    /// <summary>Runs the body in a new scope.</summary>
    /// <returns>The body's result, or a cancelled outcome if it ended because this scope was cancelled.</returns>
    public static Coroutine<Outcome<T>> RunAsync<T>(Func<CancelScope, Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return EnterAsync(body, Timeout.InfiniteTimeSpan, isShield: false);
    }

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
        ThrowIfExpired((await EnterAsync(body, timeout, isShield: false)).Exception);
    }

    /// <inheritdoc cref="WithTimeoutAsync(TimeSpan, Func{CancelScope, Coroutine})"/>
    /// <exception cref="ScopeCanceledException">The scope was cancelled by hand, so there is no result.</exception>
    public static async Coroutine<T> WithTimeoutAsync<T>(TimeSpan timeout, Func<CancelScope, Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Durations.ThrowIfNegative(timeout, nameof(timeout));
        return ValueOrTimeout(await EnterAsync(body, timeout, isShield: false));
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

    /// <summary>Runs the body in a scope that no cancellation from further out reaches. It is met at the next suspension after it.</summary>
    /// <remarks>For clean-up that has to await. Prefer the overload with a deadline: a shielded wait can hold up a whole program.</remarks>
    /// <exception cref="TimeoutException">The body has set a deadline for the scope (<see cref="Current"/>), and that passed before it had ended.</exception>
    public static async Coroutine ShieldAsync(Func<Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        ThrowIfExpired((await EnterAsync(_ => body(), Timeout.InfiniteTimeSpan, isShield: true)).Exception);
    }

    /// <inheritdoc cref="ShieldAsync(Func{Coroutine})"/>
    public static async Coroutine<T> ShieldAsync<T>(Func<Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return ValueOrTimeout(await EnterAsync(_ => body(), Timeout.InfiniteTimeSpan, isShield: true));
    }

    /// <summary>Runs the body in a scope that no cancellation from further out reaches, for so long at the most.</summary>
    /// <exception cref="TimeoutException">The time was over before the body had ended.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    public static async Coroutine ShieldAsync(TimeSpan timeout, Func<Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Durations.ThrowIfNegative(timeout, nameof(timeout));
        ThrowIfExpired((await EnterAsync(_ => body(), timeout, isShield: true)).Exception);
    }

    /// <inheritdoc cref="ShieldAsync(TimeSpan, Func{Coroutine})"/>
    public static async Coroutine<T> ShieldAsync<T>(TimeSpan timeout, Func<Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Durations.ThrowIfNegative(timeout, nameof(timeout));
        return ValueOrTimeout(await EnterAsync(_ => body(), timeout, isShield: true));
    }

    /// <summary>Runs the body in a scope that the token cancels.</summary>
    /// <remarks>The token may be cancelled on any thread. A scope that the body cancels by hand ends quietly.</remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled before the body had ended; it carries the token.</exception>
    /// <exception cref="TimeoutException">The body has set a deadline for the scope, and that passed before it had ended.</exception>
    public static async Coroutine WithTokenAsync(CancellationToken token, Func<CancelScope, Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var link = new TokenLink(token);
        var outcome = await EnterAsync(
            async scope =>
            {
                using (link.Attach(scope))
                {
                    await body(scope);
                }
            },
            Timeout.InfiniteTimeSpan,
            isShield: false);
        link.ThrowIfCancelled(outcome.Exception);
        ThrowIfExpired(outcome.Exception);
    }

    /// <inheritdoc cref="WithTokenAsync(CancellationToken, Func{CancelScope, Coroutine})"/>
    /// <exception cref="ScopeCanceledException">The scope was cancelled by hand, so there is no result.</exception>
    public static async Coroutine<T> WithTokenAsync<T>(CancellationToken token, Func<CancelScope, Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var link = new TokenLink(token);
        var outcome = await EnterAsync(
            async scope =>
            {
                using (link.Attach(scope))
                {
                    return await body(scope);
                }
            },
            Timeout.InfiniteTimeSpan,
            isShield: false);
        link.ThrowIfCancelled(outcome.Exception);
        return ValueOrTimeout(outcome);
    }

    /// <summary>The one way into a scope. A failure of the body is thrown; only the scope's own cancellation is an outcome.</summary>
    private static async Coroutine<Outcome> EnterAsync(Func<CancelScope, Coroutine> body, TimeSpan timeout, bool isShield)
    {
        var task = LoopTask.CurrentOrThrow();
        var scope = task.EnterScope(isShield);
        try
        {
            scope.Limit(timeout);
            await body(scope);
            if (scope.HoldsResources)
            {
                await scope.CloseResourcesAsync(isFailing: false);
            }

            return Outcome.Success;
        }
        catch (Exception failure)
        {
            if (scope.HoldsResources)
            {
                await scope.CloseResourcesAsync(isFailing: true);
            }

            var remaining = scope.Settle(failure);
            if (remaining is null)
            {
                return new(scope.CreateCancellation());
            }

            if (ReferenceEquals(remaining, failure))
            {
                throw;
            }

            throw remaining;
        }
        finally
        {
            task.ExitScope(scope);
        }
    }

    /// <inheritdoc cref="EnterAsync(Func{CancelScope, Coroutine}, TimeSpan, bool)"/>
    /// <remarks>Twice, for one way through both would cost a frame and a closure each time.</remarks>
    private static async Coroutine<Outcome<T>> EnterAsync<T>(Func<CancelScope, Coroutine<T>> body, TimeSpan timeout, bool isShield)
    {
        var task = LoopTask.CurrentOrThrow();
        var scope = task.EnterScope(isShield);
        try
        {
            scope.Limit(timeout);
            var result = await body(scope);
            if (scope.HoldsResources)
            {
                await scope.CloseResourcesAsync(result);
            }

            return new(result);
        }
        catch (Exception failure)
        {
            if (scope.HoldsResources)
            {
                await scope.CloseResourcesAsync(isFailing: true);
            }

            var remaining = scope.Settle(failure);
            if (remaining is null)
            {
                return new(new Outcome(scope.CreateCancellation()));
            }

            if (ReferenceEquals(remaining, failure))
            {
                throw;
            }

            throw remaining;
        }
        finally
        {
            task.ExitScope(scope);
        }
    }

    private static T ValueOrTimeout<T>(Outcome<T> outcome)
    {
        ThrowIfExpired(outcome.Exception);
        return outcome.Value;
    }

    /// <summary>A deadline that has cut the body short is told by everyone who does not return that it did.</summary>
    private static void ThrowIfExpired(Exception? cancellation)
    {
        if (cancellation is ScopeCanceledException { Scope: { HasExpired: true } scope })
        {
            throw scope.CreateTimeout(cancellation);
        }
    }

    /// <summary>One scope's tie to a token; remembers whether it was the token that cancelled the scope.</summary>
    private sealed class TokenLink(CancellationToken token)
    {
        private CancelScope? _scope;
        private bool _hasFired;

        internal Registration Attach(CancelScope scope)
        {
            _scope = scope;
            if (token.IsCancellationRequested)
            {
                Fire();
                return default;
            }

            return new(token.UnsafeRegister(
                static state =>
                {
                    var link = (TokenLink)state!;
                    link._scope!.Loop.Submit(static link => link.Fire(), link);
                },
                this));
        }

        internal void ThrowIfCancelled(Exception? cancellation)
        {
            if (cancellation is not null && _hasFired)
            {
                throw new OperationCanceledException("The token that the scope was given was cancelled.", cancellation, token);
            }
        }

        private void Fire()
        {
            if (_scope!.CanBeCanceled)
            {
                _hasFired = true;
                _scope.CancelCore("its token was cancelled");
            }
        }
    }

    /// <summary>Unregisters without waiting for a callback that runs on another thread, as Dispose would.</summary>
    private readonly struct Registration(CancellationTokenRegistration registration) : IDisposable
    {
        public void Dispose() => registration.Unregister();
    }
}
