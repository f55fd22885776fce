using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The default policy: first come, first served. A ring that lets go of a burst's memory once it is empty.</summary>
internal sealed class FifoReadyQueue : IReadyQueue
{
    private const int SmallCapacity = 1024;

    private Slot[] _ring = new Slot[SmallCapacity];
    private int _head;

    public int Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enqueue(ReadyItem item)
    {
        if (item.Task is { } task)
        {
            Enqueue(task);
        }
        else
        {
            NextFree().Action = item.Action;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enqueue(LoopTask task) => NextFree().Task = task;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot NextFree()
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        return ref _ring[(_head + Count++) & (_ring.Length - 1)];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadyItem Dequeue()
    {
        ref var slot = ref _ring[_head];
        var item = slot.Task is { } task ? new ReadyItem(task) : new ReadyItem(slot.Action!);
        slot = default;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        return item;
    }

    internal void TrimIfEmpty()
    {
        if (Count == 0 && _ring.Length > SmallCapacity)
        {
            _ring = new Slot[SmallCapacity];
            _head = 0;
        }
    }

    private void Grow()
    {
        var larger = new Slot[_ring.Length * 2];
        var toEnd = _ring.Length - _head;
        Array.Copy(_ring, _head, larger, 0, toEnd);
        Array.Copy(_ring, 0, larger, toEnd, _head);
        _ring = larger;
        _head = 0;
    }

    /// <summary>One of the two; a free slot holds neither, so that taking one in writes one reference.</summary>
    private struct Slot
    {
        internal LoopTask? Task;
        internal LoopAction? Action;
    }
}
