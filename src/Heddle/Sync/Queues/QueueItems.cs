namespace Heddle;

/// <summary>A queue whose items come out last in, first out. The counterpart of <c>asyncio.LifoQueue</c>.</summary>
/// <inheritdoc cref="AsyncQueue{T}" path="/remarks"/>
/// <param name="capacity">How many items can be in it. Default: no bound.</param>
/// <exception cref="ArgumentOutOfRangeException">The capacity is not positive.</exception>
public sealed class AsyncLifoQueue<T>(int capacity = int.MaxValue) : AsyncQueue<T>(capacity, new QueueItems<T>.Lifo());

/// <summary>A queue whose smallest item comes out first; of equal ones, the first that went in. The counterpart of <c>asyncio.PriorityQueue</c>.</summary>
/// <remarks>
/// What the comparer throws is thrown by the put or the get that has compared, which then has put or taken nothing; an immediate
/// shutdown does not compare. Otherwise as <see cref="AsyncQueue{T}"/>.
/// </remarks>
/// <param name="capacity">How many items can be in it. Default: no bound.</param>
/// <param name="comparer">Which item is the smaller one. Default: <see cref="Comparer{T}.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">The capacity is not positive.</exception>
public sealed class AsyncPriorityQueue<T>(int capacity = int.MaxValue, IComparer<T>? comparer = null)
    : AsyncQueue<T>(capacity, new QueueItems<T>.Smallest(comparer ?? Comparer<T>.Default));

/// <summary>What is in a queue, and in which order it comes out. What throws has changed nothing.</summary>
internal abstract class QueueItems<T>
{
    internal abstract void Add(T item);

    /// <summary>Takes out the item whose turn it is; there is one.</summary>
    internal abstract T Take();

    internal abstract void Clear();

    internal sealed class Fifo : QueueItems<T>
    {
        private readonly Queue<T> _items = new();

        internal override void Add(T item) => _items.Enqueue(item);

        internal override T Take() => _items.Dequeue();

        internal override void Clear() => _items.Clear();
    }

    internal sealed class Lifo : QueueItems<T>
    {
        private readonly Stack<T> _items = new();

        internal override void Add(T item) => _items.Push(item);

        internal override T Take() => _items.Pop();

        internal override void Clear() => _items.Clear();
    }

    /// <summary>A binary heap, stable, that a comparer which throws leaves as it was.</summary>
    /// <remarks>
    /// That is why it is not the BCL's: each operation first compares, all the way, and then moves. The way down is kept as
    /// bits, one a level. After J. W. J. Williams, "Algorithm 232: Heapsort", CACM 1964.
    /// </remarks>
    internal sealed class Smallest(IComparer<T> comparer) : QueueItems<T>
    {
        private Node[] _nodes = new Node[4];
        private int _count;
        private long _arrivals;
        private bool _isComparing;

        internal override void Add(T item)
        {
            var added = new Node(item, _arrivals);
            var at = _count;
            BeginComparing();
            try
            {
                while (at > 0 && Precedes(added, _nodes[Parent(at)]))
                {
                    at = Parent(at);
                }
            }
            finally
            {
                _isComparing = false;
            }

            if (_count == _nodes.Length)
            {
                Array.Resize(ref _nodes, _nodes.Length * 2);
            }

            for (var hole = _count; hole != at; hole = Parent(hole))
            {
                _nodes[hole] = _nodes[Parent(hole)];
            }

            _nodes[at] = added;
            _arrivals++;
            _count++;
        }

        internal override T Take()
        {
            var last = _count - 1;
            var moved = _nodes[last];
            var (way, levels) = (0L, 0);
            BeginComparing();
            try
            {
                for (var at = 0; (2 * at) + 1 < last; levels++)
                {
                    var child = (2 * at) + 1;
                    var isRight = child + 1 < last && Precedes(_nodes[child + 1], _nodes[child]);
                    child += isRight ? 1 : 0;
                    if (!Precedes(_nodes[child], moved))
                    {
                        break;
                    }

                    way |= (isRight ? 1L : 0L) << levels;
                    at = child;
                }
            }
            finally
            {
                _isComparing = false;
            }

            var first = _nodes[0].Item;
            var hole = 0;
            for (var level = 0; level < levels; level++)
            {
                var child = (2 * hole) + 1 + (int)((way >> level) & 1);
                _nodes[hole] = _nodes[child];
                hole = child;
            }

            _nodes[hole] = moved;
            _nodes[last] = default;
            _count = last;
            return first;
        }

        internal override void Clear()
        {
            BeginComparing();
            _isComparing = false;
            Array.Clear(_nodes, 0, _count);
            _count = 0;
        }

        private static int Parent(int at) => (at - 1) / 2;

        /// <summary>A comparer that changed the queue meanwhile would have it move what has moved already.</summary>
        private void BeginComparing()
        {
            if (_isComparing)
            {
                throw new InvalidOperationException(
                    "The comparer of a priority queue has used the queue that it compares for. Have it look at the two items only.");
            }

            _isComparing = true;
        }

        private bool Precedes(in Node x, in Node y)
            => comparer.Compare(x.Item, y.Item) is not 0 and var order ? order < 0 : x.Arrival < y.Arrival;

        private readonly record struct Node(T Item, long Arrival);
    }
}
