namespace Heddle;

/// <summary>A binary heap, stable, that a comparer which throws leaves as it was.</summary>
/// <remarks>
/// That is why it is not the BCL's: each operation first compares, all the way, and then moves. The way down is kept as
/// bits, one a level. After J. W. J. Williams, "Algorithm 232: Heapsort", CACM 1964.
/// </remarks>
internal sealed class PriorityHeap<T>(IComparer<T> comparer)
{
    private Node[] _nodes = new Node[4];
    private int _count;
    private long _arrivals;

    internal void Add(T item)
    {
        var added = new Node(item, _arrivals);
        var at = _count;
        while (at > 0 && Precedes(added, _nodes[Parent(at)]))
        {
            at = Parent(at);
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

    internal T TakeFirst()
    {
        var last = _count - 1;
        var moved = _nodes[last];
        var (way, levels) = (0L, 0);
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

    private static int Parent(int at) => (at - 1) / 2;

    private bool Precedes(in Node x, in Node y)
        => comparer.Compare(x.Item, y.Item) is not 0 and var order ? order < 0 : x.Arrival < y.Arrival;

    private readonly record struct Node(T Item, long Arrival);
}
