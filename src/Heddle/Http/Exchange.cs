namespace Heddle;

/// <summary>One exchange with a server, from its request to the end of the answer's body: how it is waited for, and how it is cut off.</summary>
/// <remarks>
/// Its scope lies below the one that sent the request, and no code runs in it: cancelled, from around or by
/// <see cref="WaitAsync"/>, it cancels the token that every step of the exchange was given, which aborts it on the wire.
/// </remarks>
internal sealed class Exchange
{
    /// <summary>How long a step that was aborted may take to end. Only one that ignores its token takes any time at all.</summary>
    private static readonly TimeSpan s_abortGrace = TimeSpan.FromSeconds(5);

    private readonly ExchangeSet _set;
    private readonly CancelScope _scope;
    private readonly TimeSpan _patience;
    private CancelScope? _waiting;
    private long _touched;

    internal Exchange(ExchangeSet set, HttpRequestMessage request, TimeSpan patience)
    {
        _set = set;
        _patience = patience;
        Loop = EventLoop.Current;
        Method = request.Method;
        Address = request.RequestUri!;
        _scope = new CancelScope(Loop, CancelScope.Current);
        set.Add(this);
    }

    internal EventLoop Loop { get; }

    internal HttpMethod Method { get; }

    /// <summary>Where the answer comes from; after redirects, the last one.</summary>
    internal Uri Address { get; set; }

    /// <summary>What came, once its headers have.</summary>
    internal HttpResponseMessage? Answer { get; set; }

    /// <summary>Cancelled when the exchange has to end, by the loop, between steps.</summary>
    internal CancellationToken Token => _scope.Token;

    internal bool IsWaiting => _waiting is not null;

    /// <summary>Whether its token was cancelled.</summary>
    internal bool IsCutOff => _scope.IsCanceled;

    /// <summary>Whether it was cut off because its client was disposed of.</summary>
    internal bool IsClientDisposed { get; private set; }

    /// <summary>
    /// Starts a step and waits until it has ended. In a cancelled scope, or when the server was silent for too long, the
    /// step is aborted and its end awaited; a result that it has got by then is kept.
    /// </summary>
    /// <param name="doing">For errors: what the step is, as in "waiting for …".</param>
    internal async Coroutine<T> WaitAsync<T>(Func<Task<T>> start, string doing)
    {
        if (IsClientDisposed)
        {
            throw HttpFailures.ClientDisposed(this);
        }

        try
        {
            var outcome = await CancelScope.MoveOnAfterAsync(
                _patience,
                scope =>
                {
                    _waiting = scope;
                    return WaitOrAbortAsync(start());
                });
            return outcome.IsCanceled ? throw EndOfPatience(outcome.Exception!, doing) : outcome.Value;
        }
        catch (Exception failure) when (failure is not (ScopeCanceledException or LoopHttpException or TimeoutException))
        {
            if (HttpFailures.TryExplain(this, failure, doing) is not { } explained)
            {
                throw;
            }

            throw explained;
        }
        finally
        {
            _waiting = null;
            _set.OnWaitEnded();
        }
    }

    /// <summary>The other side was heard of: the time to wait starts anew. Any thread.</summary>
    internal void Touch()
    {
        // A post a piece would keep the loop busy.
        var now = Loop.NowTicks;
        if (now - Volatile.Read(ref _touched) >= _patience.Ticks / 8)
        {
            Volatile.Write(ref _touched, now);
            Loop.Post(static exchange => exchange._waiting?.ExpireAfter(exchange._patience), this);
        }
    }

    /// <summary>The exchange is over, or nobody wants the rest of it: then what came is disposed of, which closes the connection.</summary>
    internal void End(bool isWhole = false)
    {
        if (_waiting is not null)
        {
            // Another task still reads: its step ends when the token is cancelled.
            _scope.CancelCore("the response was disposed of");
        }

        if (!isWhole)
        {
            Answer?.Dispose();
        }

        _scope.Exit();
        _set.Remove(this);
    }

    internal void OnClientDisposed()
    {
        IsClientDisposed = true;
        _scope.CancelCore("the HTTP client was disposed of");
        if (_waiting is null)
        {
            Answer?.Dispose();
        }
        else
        {
            _waiting.CancelCore("the HTTP client was disposed of");
        }
    }

    private async Coroutine<T> WaitOrAbortAsync<T>(Task<T> step)
    {
        try
        {
            return await step.OrCanceled();
        }
        catch (ScopeCanceledException) when (CancelScope.Current.IsCanceled)
        {
            _scope.CancelCore("nobody waits for the answer any more");
            await CancelScope.ShieldAsync(
                () => CancelScope.MoveOnAfterAsync(s_abortGrace, async _ => await Task.WhenAny(step).OrCanceled()));
            if (step.IsCompletedSuccessfully)
            {
                return step.Result;
            }

            LetGo(step);
            throw;
        }
    }

    /// <summary>What comes when nobody waits any more must not be leaked, and its failure is no news.</summary>
    private static void LetGo<T>(Task<T> step) => step.ContinueWith(
        static ended =>
        {
            if (ended.IsCompletedSuccessfully)
            {
                (ended.Result as IDisposable)?.Dispose();
            }
            else
            {
                _ = ended.Exception;
            }
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private Exception EndOfPatience(Exception cancellation, string doing)
        => IsClientDisposed ? HttpFailures.ClientDisposed(this)
            : cancellation is ScopeCanceledException { Scope.HasExpired: true } ? HttpFailures.Silence(this, _patience, doing, cancellation)
            : HttpFailures.CancelledFromInside(this, cancellation);
}
