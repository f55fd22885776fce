using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A suspension that stands in a list of waiters.</summary>
internal abstract class Waiter<T> : Suspension<T>
{
    internal Waiter<T>? Next;

    /// <summary>The one before; of the first, the last, or null while it stands alone.</summary>
    internal Waiter<T>? Previous;
}

/// <summary>Waiters in the order of their coming. Linked through themselves: adding and removing cost O(1) and allocate nothing.</summary>
internal struct WaiterList<T>
{
    private Waiter<T>? _first;

    internal readonly bool IsEmpty => _first is null;

    internal readonly Waiter<T>? First => _first;

    /// <summary>Counted anew each time, so that the waits pay nothing for it.</summary>
    internal readonly int Count
    {
        get
        {
            var count = 0;
            for (var waiter = _first; waiter is not null; waiter = waiter.Next)
            {
                count++;
            }

            return count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(Waiter<T> waiter)
    {
        if (_first is null)
        {
            _first = waiter;
            return;
        }

        AddAfter(_first, waiter);
    }

    private static void AddAfter(Waiter<T> first, Waiter<T> waiter)
    {
        var last = first.Previous ?? first;
        waiter.Previous = last;
        last.Next = waiter;
        first.Previous = waiter;
    }

    internal void Remove(Waiter<T> waiter)
    {
        if (ReferenceEquals(waiter, _first))
        {
            if (waiter.Next is not { } next)
            {
                _first = null;
                return;
            }

            _first = next;
            next.Previous = ReferenceEquals(waiter.Previous, next) ? null : waiter.Previous;
        }
        else
        {
            waiter.Previous!.Next = waiter.Next;
            var after = waiter.Next ?? _first!;
            after.Previous = ReferenceEquals(waiter.Previous, after) ? null : waiter.Previous;
        }

        waiter.Next = waiter.Previous = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Waiter<T>? TakeFirst()
    {
        var first = _first;
        if (first is { Next: null })
        {
            _first = null;
        }
        else if (first is not null)
        {
            Remove(first);
        }

        return first;
    }
}
