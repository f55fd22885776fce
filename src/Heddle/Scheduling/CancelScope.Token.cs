namespace Heddle;

/// <content>The bridge to .NET: a scope as a token.</content>
public sealed partial class CancelScope
{
    private CancellationTokenSource? _tokenSource;

    /// <summary>A token that is cancelled when this scope is, for code that knows tokens and not scopes.</summary>
    /// <remarks>
    /// Made on demand. Its callbacks run on the loop between steps, with no current context; their failures go to the
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
    internal Exception Attribute(Exception failure)
    {
        if (failure is not OperationCanceledException || failure is ScopeCanceledException { Scope: not null } || CanceledBy is not { } origin)
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
        }

        /// <summary>Who waits for the token elsewhere hears that the loop has ended.</summary>
        public void Drop() => Run();
    }
}
