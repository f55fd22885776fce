namespace Heddle;

/// <summary>The exchanges of a client that are not over. Loop thread only.</summary>
internal sealed class ExchangeSet
{
    private readonly HashSet<Exchange> _exchanges = [];
    private CoroutineSource<bool>? _quiet;

    internal int Count => _exchanges.Count;

    internal bool IsClosed { get; private set; }

    internal void Add(Exchange exchange)
    {
        // A client may serve one loop after the other, but not two at once.
        _exchanges.FirstOrDefault()?.Loop.VerifyThread("LoopHttpClient");
        _exchanges.Add(exchange);
    }

    internal void Remove(Exchange exchange) => _exchanges.Remove(exchange);

    internal void OnWaitEnded()
    {
        if (!_exchanges.Any(static exchange => exchange.IsWaiting))
        {
            _quiet?.TrySetResult(true);
        }
    }

    /// <summary>Cuts off every exchange, and waits until nobody waits for one.</summary>
    internal ValueTask CloseAsync()
    {
        IsClosed = true;
        _exchanges.FirstOrDefault()?.Loop.VerifyThread("LoopHttpClient.DisposeAsync");
        foreach (var exchange in _exchanges)
        {
            exchange.OnClientDisposed();
        }

        return _exchanges.Any(static exchange => exchange.IsWaiting) ? WaitUntilQuietAsync().AsValueTask() : default;
    }

    private Coroutine WaitUntilQuietAsync() => CancelScope.ShieldAsync(async () =>
    {
        while (_exchanges.Any(static exchange => exchange.IsWaiting))
        {
            _quiet = new CoroutineSource<bool>();
            await _quiet;
        }
    });
}
