using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>The turns that a loop owes, first come, first served. A ring that lets go of a burst's memory once it is empty.</summary>
internal sealed class TurnQueue
{
    /// <summary>Most loops of a test need no more; one that has needed more keeps up to <see cref="KeptCapacity"/>.</summary>
    private const int FirstCapacity = 64;

    private const int KeptCapacity = 1024;

    private Turn[] _ring = new Turn[FirstCapacity];
    private int _head;

    internal int Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enqueue(LoopTask task) => NextFree().Task = task;

    internal void Enqueue(ILoopItem item) => NextFree().Item = item;

    /// <summary>A turn of a task that is chosen only when it comes.</summary>
    internal void EnqueueChoice() => NextFree();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Turn NextFree()
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        return ref _ring[(_head + Count++) & (_ring.Length - 1)];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Turn Dequeue()
    {
        ref var slot = ref _ring[_head];
        var turn = slot;
        slot = default;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        return turn;
    }

    internal void TrimIfEmpty()
    {
        if (Count == 0 && _ring.Length > KeptCapacity)
        {
            _ring = new Turn[KeptCapacity];
            _head = 0;
        }
    }

    private void Grow()
    {
        var larger = new Turn[_ring.Length * 2];
        var toEnd = _ring.Length - _head;
        Array.Copy(_ring, _head, larger, 0, toEnd);
        Array.Copy(_ring, 0, larger, toEnd, _head);
        _ring = larger;
        _head = 0;
    }

    /// <summary>At most one of the two, so that taking one in writes one reference; neither is the turn of a task that is still to be chosen.</summary>
    internal struct Turn
    {
        internal LoopTask? Task;
        internal ILoopItem? Item;
    }
}
