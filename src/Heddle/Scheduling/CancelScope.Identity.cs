using System.Runtime.CompilerServices;

namespace Heddle;

/// <content>Whose a cancellation is: what an exception means that leaves the scope, and the bridge to .NET, a scope as a token.</content>
public sealed partial class CancelScope
{
    /// <summary>Cancellations of foreign code that are known to be no scope's: they came out of a shield.</summary>
    private static readonly ConditionalWeakTable<Exception, object> s_ofNoScope = [];

    private CancellationTokenSource? _tokenSource;

    /// <summary>A token that is cancelled when this scope is, for code that knows tokens and not scopes.</summary>
    /// <remarks>
    /// Made on demand. The loop cancels it between steps, right after the step that cancels the scope: until then <see cref="IsCanceled"/> is
    /// true and the token does not say so yet. Its callbacks run there with no current context; their failures go to the
    /// loop's handler. An <see cref="OperationCanceledException"/> that foreign code throws is taken for this scope's
    /// cancellation only once its token was handed out, that is: once this property was read.
    /// </remarks>
    public CancellationToken Token
    {
        get
        {
            if (_tokenSource is null)
            {
                Loop.VerifyThread("CancelScope.Token");
                _tokenSource = new CancellationTokenSource();
                if (CanceledBy is not null)
                {
                    _tokenSource.Cancel();
                }
            }

            return _tokenSource.Token;
        }
    }

    /// <summary>
    /// What an exception that leaves code in this scope means: a foreign cancellation becomes the scope's,
    /// if a token between here and the cancelled scope was handed out; all else stays as it is.
    /// </summary>
    internal Exception Interpret(Exception failure)
    {
        if (!IsForeignCancellation(failure) || CanceledBy is not { } origin || s_ofNoScope.TryGetValue(failure, out _))
        {
            return failure;
        }

        for (var scope = this; scope is not null; scope = scope._parent)
        {
            if (scope._tokenSource is not null)
            {
                return CreateCancellation(failure);
            }

            if (ReferenceEquals(scope, origin))
            {
                break;
            }
        }

        return failure;
    }

    /// <summary>Whether an exception that leaves this scope is a cancellation of it or of a scope around it.</summary>
    internal bool IsCancellation(Exception failure)
        => failure is ScopeCanceledException { Scope: { } origin }
            && origin.IsCancelRequested
            && (ReferenceEquals(origin, CanceledBy) || IsWithin(origin));

    /// <summary>
    /// Null if the exception is this scope's own cancellation, which ends here; else what has to be thrown on. Where a
    /// scope further out is cancelled too, its cancellation goes on in the place of this one's.
    /// </summary>
    internal Exception? Settle(Exception failure)
    {
        failure = Interpret(failure);
        if (failure is ScopeCanceledException { Scope: var origin } && ReferenceEquals(origin, this))
        {
            return ReferenceEquals(CanceledBy, this) ? null : CreateCancellation(failure);
        }

        if (_isShield && IsForeignCancellation(failure) && !HasTokenFromAround((OperationCanceledException)failure))
        {
            // No cancellation from further out has come in here, so this is none: a time-out of the clean-up's own, say.
            s_ofNoScope.TryAdd(failure, s_ofNoScope);
        }

        return failure;
    }

    internal ScopeCanceledException CreateCancellation(Exception? inner = null)
        => new(CanceledBy!, CanceledBy!._reason, inner, Loop.Journal?.PlaceOfCancel(CanceledBy));

    private static bool IsForeignCancellation(Exception failure) => failure is OperationCanceledException and not ScopeCanceledException;

    private bool HasTokenFromAround(OperationCanceledException failure)
    {
        for (var scope = _parent; scope is not null; scope = scope._parent)
        {
            if (scope._tokenSource is { } source && source.Token == failure.CancellationToken)
            {
                return true;
            }
        }

        return false;
    }

    private void CancelTokenSource()
    {
        if (_tokenSource is { IsCancellationRequested: false } source)
        {
            Loop.Enqueue(new TokenCancellation(Loop, source));
        }
    }

    private sealed class TokenCancellation(EventLoop loop, CancellationTokenSource source) : ILoopItem
    {
        public void Run()
        {
            try
            {
                source.Cancel();
            }
            catch (AggregateException failures)
            {
                foreach (var failure in failures.InnerExceptions)
                {
                    loop.Report(LoopReports.TokenCallbackFailed(failure));
                }
            }
            finally
            {
                loop.AwaitHttp();
            }
        }

        /// <summary>Who waits for the token elsewhere hears that the loop has ended.</summary>
        public void Drop() => Run();
    }
}
