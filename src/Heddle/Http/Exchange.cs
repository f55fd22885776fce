namespace Heddle;

/// <summary>One exchange with a server, from its request to the end of the answer's body: how it is waited for, and how it is cut off.</summary>
/// <remarks>
/// Its scope lies below the one that sent the request, and only the handler's code is in it: cancelled, from around or by an
/// <see cref="ExchangeWait{T}"/>, it cancels the token that every step of the exchange was given, which aborts it on the wire.
/// </remarks>
internal sealed class Exchange
{
    private readonly ExchangeSet _set;
    private readonly CancelScope _scope;
    private readonly HttpRequestMessage _request;
    private Uri? _address;
    private long _touched;

    /// <param name="set">Of the client.</param>
    /// <param name="task">That sends the request.</param>
    /// <param name="request">Not sent yet.</param>
    /// <param name="patience">How long the other side may be silent.</param>
    /// <param name="isOnLoop">Whether its connection is one of the loop's network, without TLS.</param>
    internal Exchange(ExchangeSet set, LoopTask task, HttpRequestMessage request, TimeSpan patience, bool isOnLoop)
    {
        _set = set;
        Loop = task.Loop;
        Patience = patience;
        Method = request.Method;
        _request = request;
        IsOnLoop = isOnLoop;
        Number = ++Loop.Exchanges;
        Context = Loop.HasOrder ? ExecutionContext.Capture() : null;
        _scope = Flow.Current.OpenScope();
        set.Add(this);
    }

    internal EventLoop Loop { get; }

    /// <summary>Whether its connection is one of the loop's network, without TLS, so that no thread but the pool's takes part.</summary>
    internal bool IsOnLoop { get; }

    /// <summary>From 1, in the order in which the loop's exchanges have begun.</summary>
    internal long Number { get; }

    /// <summary>In a simulation: the ambient context of who sends the request, which says on which machine that is.</summary>
    internal ExecutionContext? Context { get; }

    /// <summary>How long the other side may be silent.</summary>
    internal TimeSpan Patience { get; }

    internal HttpMethod Method { get; }

    /// <summary>Where the answer comes from. The handler moves the request's own from redirect to redirect, until there is an answer.</summary>
    internal Uri Address => _address ?? _request.RequestUri!;

    /// <summary>What came, once its headers have.</summary>
    internal HttpResponseMessage? Answer
    {
        get;
        set
        {
            field = value;
            _address = value?.RequestMessage?.RequestUri ?? Address;
        }
    }

    /// <summary>Cancelled when the exchange has to end, by the loop, between steps.</summary>
    internal CancellationToken Token => _scope.Token;

    /// <summary>Whoever waits for a step of it.</summary>
    internal IExchangeWait? Waiting { get; private set; }

    /// <summary>Whether its token was cancelled.</summary>
    internal bool IsCutOff => _scope.IsCanceled;

    /// <summary>Whether it was cut off because its client was disposed of.</summary>
    internal bool IsClientDisposed { get; private set; }

    /// <summary>In the set of those that are not over.</summary>
    internal Exchange? Next { get; set; }

    internal Exchange? Previous { get; set; }

    internal bool IsOver { get; private set; }

    /// <summary>Has the sender begin; what a handler awaits is then in the exchange's scope.</summary>
    internal ValueTask<HttpResponseMessage> Begin(LoopTask task, RequestSender sender, HttpRequestMessage request)
    {
        try
        {
            using (Flow.Enter(task, new ScopeContext(task, _scope)))
            {
                return new(sender.SendAsync(request, Token));
            }
        }
        catch (Exception failure)
        {
            return ValueTask.FromException<HttpResponseMessage>(failure);
        }
        finally
        {
            Loop.AwaitHttp();
        }
    }

    /// <summary>
    /// Waits until a step that has begun has ended. In a cancelled scope, or when the server was silent for too long, the
    /// step is aborted and its end awaited; a result that it has got by then is kept.
    /// </summary>
    /// <param name="step">Not used any more by the caller.</param>
    /// <param name="doing">For errors: what the step is, as in "waiting for …".</param>
    internal Coroutine<T> WaitAsync<T>(ValueTask<T> step, string doing) => new(ExchangeWait<T>.Rent(this, step, doing));

    internal void BeginWait(IExchangeWait wait)
    {
        Waiting = wait;
        _set.OnWaitBegun();
    }

    internal void EndWait()
    {
        Waiting = null;
        _set.OnWaitEnded();
    }

    /// <summary>The other side was heard of: the time to wait starts anew. Any thread.</summary>
    internal void Touch()
    {
        // A post a piece would keep the loop busy.
        var now = Loop.NowTicks;
        if (now - Volatile.Read(ref _touched) >= Patience.Ticks / 8)
        {
            Volatile.Write(ref _touched, now);
            Loop.Submit(static exchange => exchange.Waiting?.BePatientAnew(), this);
        }
    }

    /// <summary>Cancels the token that the steps were given.</summary>
    internal void CutOff(string reason) => _scope.CancelCore(reason);

    /// <summary>The first of its places among what comes to the loop.</summary>
    internal long FirstPlace => IsOnLoop ? Number * ArrivalPlaces.OfOne : ILoopItem.NoPlace;

    /// <summary>The exchange is over, or nobody wants the rest of it: then what came is disposed of, which closes the connection.</summary>
    internal void End(bool isWhole = false)
    {
        if (Waiting is not null)
        {
            // Another task still reads: its step ends when the token is cancelled.
            CutOff("the response was disposed of");
        }

        if (!isWhole)
        {
            Answer?.Dispose();
            Loop.AwaitHttp();
        }

        if (!IsOver)
        {
            IsOver = true;
            _scope.Exit();
            _set.Remove(this);
        }
    }

    /// <summary>Its loop has ended and left it unread. Any thread.</summary>
    internal void Abandon()
    {
        IsOver = true;
        Answer?.Dispose();
        _set.Remove(this);
    }

    internal void OnClientDisposed()
    {
        IsClientDisposed = true;
        if (Waiting is null)
        {
            CutOff("the HTTP client was disposed of");
            Answer?.Dispose();
        }
        else
        {
            Waiting.OnClientDisposed();
        }
    }
}
