using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The default policy: first come, first served. A ring that lets go of a burst's memory once it is empty.</summary>
internal sealed class FifoReadyQueue : IReadyQueue
{
    private const int SmallCapacity = 1024;

    private ReadyItem[] _ring = new ReadyItem[SmallCapacity];
    private int _head;

    public int Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enqueue(ReadyItem item)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_head + Count) & (_ring.Length - 1)] = item;
        Count++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadyItem Dequeue()
    {
        ref var slot = ref _ring[_head];
        var item = slot;
        slot = default;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        return item;
    }

    internal void TrimIfEmpty()
    {
        if (Count == 0 && _ring.Length > SmallCapacity)
        {
            _ring = new ReadyItem[SmallCapacity];
            _head = 0;
        }
    }

    private void Grow()
    {
        var larger = new ReadyItem[_ring.Length * 2];
        var toEnd = _ring.Length - _head;
        Array.Copy(_ring, _head, larger, 0, toEnd);
        Array.Copy(_ring, 0, larger, toEnd, _head);
        _ring = larger;
        _head = 0;
    }
}
