namespace Heddle;

/// <content>A foreign token as a scope.</content>
public sealed partial class CancelScope
{
    /// <summary>Runs the body in a scope that the token cancels.</summary>
    /// <remarks>The token may be cancelled on any thread. A scope that the body cancels by hand ends quietly.</remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled before the body had ended; it carries the token.</exception>
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
        return outcome.Value;
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
                    link._scope!.Loop.Enter(static link => link.Fire(), link);
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
            _hasFired = !_scope!.IsCancelRequested;
            _scope.CancelCore("its token was cancelled");
        }
    }

    /// <summary>Unregisters without waiting for a callback that runs on another thread, as Dispose would.</summary>
    private readonly struct Registration(CancellationTokenRegistration registration) : IDisposable
    {
        public void Dispose() => registration.Unregister();
    }
}
