namespace Heddle;

/// <summary>A queue whose smallest item comes out first; of equal ones, the first that went in. The counterpart of <c>asyncio.PriorityQueue</c>.</summary>
/// <inheritdoc cref="AsyncQueueBase{T}" path="/remarks"/>
/// <param name="capacity">How many items can be in it. Default: no bound.</param>
/// <param name="comparer">Which item is the smaller one. Default: <see cref="Comparer{T}.Default"/>. What it throws, the put throws, which then has put nothing.</param>
/// <exception cref="ArgumentOutOfRangeException">The capacity is not positive.</exception>
public sealed class AsyncPriorityQueue<T>(int capacity = int.MaxValue, IComparer<T>? comparer = null) : AsyncQueueBase<T>(capacity)
{
    private readonly PriorityHeap<T> _items = new(comparer ?? Comparer<T>.Default);

    private protected override void Store(T item) => _items.Add(item);

    private protected override T Take() => _items.TakeFirst();
}
