using System.Runtime.ExceptionServices;

namespace Heddle;

/// <summary>The input of a map, taken in chunks.</summary>
internal abstract class ChunkSource<T>
{
    private const int FirstCapacity = 64;

    private T[] _items = [];
    private int _max;

    /// <summary>What the input has thrown after items that were taken, until it is thrown in its place.</summary>
    internal Exception? PendingFailure { get; private set; }

    /// <summary>How many items are left, where that is known.</summary>
    internal virtual int? Left => null;

    /// <summary>How many items the chunk has that is being filled.</summary>
    protected int Count { get; private set; }

    /// <summary>The next items, at most so many and at least one; none at the end.</summary>
    internal async Coroutine<ReadOnlyMemory<T>> TakeAsync(int max)
    {
        if (PendingFailure is { } pending)
        {
            PendingFailure = null;
            ExceptionDispatchInfo.Throw(pending);
        }

        (_items, Count, _max) = (new T[Math.Min(max, FirstCapacity)], 0, max);
        try
        {
            await FillAsync();
        }
        catch (Exception failure) when (Count > 0 && failure is not ScopeCanceledException)
        {
            // What came before it is worked on; it is thrown at its place.
            PendingFailure = failure;
        }

        return _items.AsMemory(0, Count);
    }

    internal abstract Coroutine CloseAsync();

    /// <summary>Adds items while there is room, waiting at the most for the first.</summary>
    protected abstract Coroutine FillAsync();

    /// <returns>Whether there is room for another.</returns>
    protected bool Add(T item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, (int)Math.Min(2L * Count, _max));
        }

        _items[Count++] = item;
        return Count < _max;
    }
}

/// <summary>Items that are there.</summary>
internal sealed class ReadySource<T>(IEnumerable<T> items) : ChunkSource<T>
{
    private readonly IEnumerator<T> _items = items.GetEnumerator();
    private int? _left = items.TryGetNonEnumeratedCount(out var count) ? count : null;

    internal override int? Left => _left;

    internal override Coroutine CloseAsync()
    {
        _items.Dispose();
        return default;
    }

    protected override Coroutine FillAsync()
    {
        while (_items.MoveNext() && Add(_items.Current))
        {
        }

        _left -= Count;
        return default;
    }
}

/// <summary>Items that arrive.</summary>
internal sealed class ArrivingSource<T>(IAsyncEnumerable<T> items) : ChunkSource<T>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    private readonly IAsyncEnumerator<T> _items = items.GetAsyncEnumerator();
    private readonly EventLoop _loop = EventLoop.Current;
    private Task<bool>? _moving;

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

    protected override async Coroutine FillAsync()
    {
        do
        {
            if (_moving is null)
            {
                var move = _items.MoveNextAsync();
                if (move.IsCompletedSuccessfully)
                {
                    if (!move.Result)
                    {
                        return;
                    }

                    continue;
                }

                _moving = move.AsTask();
            }

            if (Count > 0 && !_moving.IsCompleted)
            {
                return;
            }

            var hasMoved = await _moving.OrCanceled();
            _moving = null;
            if (!hasMoved)
            {
                return;
            }
        }
        while (Add(_items.Current));
    }
}
