namespace Heddle;

/// <summary>A queue whose items come out last in, first out. The counterpart of <c>asyncio.LifoQueue</c>.</summary>
/// <inheritdoc cref="AsyncQueueBase{T}" path="/remarks"/>
/// <param name="capacity">How many items can be in it. Default: no bound.</param>
/// <exception cref="ArgumentOutOfRangeException">The capacity is not positive.</exception>
public sealed class AsyncLifoQueue<T>(int capacity = int.MaxValue) : AsyncQueueBase<T>(capacity)
{
    private readonly Stack<T> _items = new();

    private protected override void Store(T item) => _items.Push(item);

    private protected override T Take() => _items.Pop();
}
