namespace Heddle;

/// <summary>The exchanges of a client that are not over. Loop thread only.</summary>
internal sealed class ExchangeSet
{
    private Exchange? _first;
    private int _waits;
    private CoroutineSource<bool>? _quiet;

    internal int Count { get; private set; }

    internal bool IsClosed { get; private set; }

    internal void Add(Exchange exchange)
    {
        VerifyThread("LoopHttpClient");
        exchange.Next = _first;
        if (_first is not null)
        {
            _first.Previous = exchange;
        }

        _first = exchange;
        Count++;
    }

    internal void Remove(Exchange exchange)
    {
        if (exchange.Next is { } next)
        {
            next.Previous = exchange.Previous;
        }

        if (exchange.Previous is { } previous)
        {
            previous.Next = exchange.Next;
        }
        else
        {
            _first = exchange.Next;
        }

        exchange.Next = exchange.Previous = null;
        Count--;
    }

    internal void OnWaitBegun() => _waits++;

    internal void OnWaitEnded()
    {
        if (--_waits == 0)
        {
            _quiet?.TrySetResult(true);
        }
    }

    /// <summary>Cuts off every exchange. False if somebody waits for one, so that <see cref="WaitUntilQuietAsync"/> must follow.</summary>
    internal bool Close()
    {
        IsClosed = true;
        VerifyThread("LoopHttpClient.DisposeAsync");
        for (var exchange = _first; exchange is not null; exchange = exchange.Next)
        {
            exchange.OnClientDisposed();
        }

        return _waits == 0;
    }

    /// <summary>A client may serve one loop after the other, but not two at once. What a loop that has ended left unread is given up.</summary>
    private void VerifyThread(string member)
    {
        while (_first is { Loop: var loop } left && !loop.IsOnThread)
        {
            if (!loop.HasEnded)
            {
                loop.VerifyThread(member);
            }

            left.Abandon();
        }
    }

    internal Coroutine WaitUntilQuietAsync() => CancelScope.ShieldAsync(async () =>
    {
        while (_waits > 0)
        {
            _quiet = new CoroutineSource<bool>();
            await _quiet;

            // Whoever waited for the last has its turn first, and ends it.
            await Coroutine.Yield();
        }
    });
}
