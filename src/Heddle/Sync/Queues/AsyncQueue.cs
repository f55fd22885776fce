namespace Heddle;

/// <summary>A queue whose items come out in the order in which they went in. The counterpart of <c>asyncio.Queue</c>.</summary>
/// <inheritdoc cref="AsyncQueueBase{T}" path="/remarks"/>
/// <param name="capacity">How many items can be in it. Default: no bound.</param>
/// <exception cref="ArgumentOutOfRangeException">The capacity is not positive.</exception>
public sealed class AsyncQueue<T>(int capacity = int.MaxValue) : AsyncQueueBase<T>(capacity)
{
    private readonly Queue<T> _items = new();

    private protected override void Store(T item) => _items.Enqueue(item);

    private protected override T Take() => _items.Dequeue();
}
