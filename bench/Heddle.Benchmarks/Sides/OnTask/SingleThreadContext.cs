namespace Heddle.Benchmarks.Sides.OnTask;

/// <summary>
/// A synchronization context with the least a correct one can have: a queue under a lock that is never contended
/// here, drained a pass at a time.
/// </summary>
sealed class SingleThreadContext : SynchronizationContext
{
    readonly Lock _gate = new();
    readonly SemaphoreSlim _arrived = new(0);
    List<(SendOrPostCallback Callback, object? State)> _incoming = [];
    List<(SendOrPostCallback Callback, object? State)> _pass = [];
    bool _isWaiting;

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            _incoming.Add((d, state));
            if (!_isWaiting)
                return;
            _isWaiting = false;
        }
        _arrived.Release();
    }

    public T Run<T>(Func<Task<T>> body)
    {
        SynchronizationContext? previous = Current;
        SetSynchronizationContext(this);
        try
        {
            Task<T> main = body();
            while (!main.IsCompleted)
                RunPass();
            return main.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }

    void RunPass()
    {
        lock (_gate)
        {
            (_pass, _incoming) = (_incoming, _pass);
            _isWaiting = _pass.Count == 0;
        }
        if (_pass.Count == 0)
        {
            _arrived.Wait();
            return;
        }
        foreach ((SendOrPostCallback callback, object? state) in _pass)
            callback(state);
        _pass.Clear();
    }
}
