namespace Heddle;

/// <summary>The input of a map, taken in chunks.</summary>
internal abstract class ChunkSource<T>
{
    private Exception? _failure;

    /// <summary>How many items are left, where that is known.</summary>
    internal virtual int? Left => null;

    /// <summary>The next items, at most so many and at least one; none at the end.</summary>
    internal async Coroutine<ReadOnlyMemory<T>> TakeAsync(int max)
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        var items = new T[max];
        var count = 0;
        try
        {
            while (count < max && await MoveAsync(mayWait: count == 0))
            {
                items[count++] = Current;
            }
        }
        catch (Exception failure) when (count > 0 && failure is not ScopeCanceledException)
        {
            // What came before it is worked on; it is thrown at its place.
            _failure = failure;
        }

        return items.AsMemory(0, count);
    }

    internal abstract Coroutine CloseAsync();

    protected abstract T Current { get; }

    /// <returns>False at the end, or when the next item has not come and may not be waited for.</returns>
    protected abstract Coroutine<bool> MoveAsync(bool mayWait);
}

/// <summary>Items that are there.</summary>
internal sealed class ReadySource<T>(IEnumerable<T> items) : ChunkSource<T>
{
    private readonly IEnumerator<T> _items = items.GetEnumerator();
    private int? _left = items.TryGetNonEnumeratedCount(out var count) ? count : null;

    internal override int? Left => _left;

    protected override T Current => _items.Current;

    internal override Coroutine CloseAsync()
    {
        _items.Dispose();
        return default;
    }

    protected override Coroutine<bool> MoveAsync(bool mayWait)
    {
        _left--;
        return Coroutine.FromResult(_items.MoveNext());
    }
}

/// <summary>Items that arrive.</summary>
internal sealed class ArrivingSource<T>(IAsyncEnumerable<T> items) : ChunkSource<T>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    private readonly IAsyncEnumerator<T> _items = items.GetAsyncEnumerator();
    private readonly EventLoop _loop = EventLoop.Current;
    private Task<bool>? _moving;

    protected override T Current => _items.Current;

    internal override async Coroutine CloseAsync()
    {
        if (_moving is { IsCompleted: false } moving)
        {
            // A source of the loop was cancelled with the map and is about to end; a foreign one may never.
            await CancelScope.ShieldAsync(async () => await CancelScope.MoveOnAfterAsync(s_patience, _ => LateEnd.WaitAsync(moving)));
            if (!moving.IsCompleted)
            {
                LateEnd.DisposeAfter(moving, _items, _loop);
                return;
            }
        }

        await CancelScope.ShieldAsync(async () => await _items.DisposeAsync());
    }

    protected override async Coroutine<bool> MoveAsync(bool mayWait)
    {
        if (_moving is null)
        {
            var move = _items.MoveNextAsync();
            if (move.IsCompletedSuccessfully)
            {
                return move.Result;
            }

            _moving = move.AsTask();
        }

        if (!mayWait && !_moving.IsCompleted)
        {
            return false;
        }

        var hasMoved = await _moving.OrCanceled();
        _moving = null;
        return hasMoved;
    }
}
