using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A queue whose items come out in the order in which they went in: bounded, fair, closable, and countable to the end of the work.</summary>
/// <remarks>
/// Fair: an item goes right to the one who has waited longest for one, and room to the one who has waited longest for
/// that. A get that is cancelled takes no item, and a put that is cancelled has put nothing; what was handed over is kept,
/// also if the task is cancelled before it runs: it meets the cancellation at its next suspension. It serves the tasks of
/// one loop, the first that waits for it; it can be filled before that, anywhere. The counterpart of <c>asyncio.Queue</c> of Python 3.13,
/// and as there the queues of another order are queues too: what takes an <see cref="AsyncQueue{T}"/> takes all of them. No others can be made.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public partial class AsyncQueue<T> : IAsyncEnumerable<T>
{
    private readonly QueueItems<T> _items;
    private readonly LoopBinding _binding = new();
    private WaiterList<T> _getters;
    private WaiterList<Nothing> _putters;
    private WaiterList<Nothing> _joiners;
    private WaitFrames<GetWait> _getFrames;
    private WaitFrames<PutWait> _putFrames;
    private WaitFrames<JoinWait> _joinFrames;
    private int _count;

    /// <param name="capacity">How many items can be in it. Default: no bound.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not positive.</exception>
    public AsyncQueue(int capacity = int.MaxValue)
        : this(capacity, new QueueItems<T>.Fifo())
    {
    }

    private protected AsyncQueue(int capacity, QueueItems<T> items)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
        _items = items;
    }

    /// <summary>How many items can be in it.</summary>
    public int Capacity { get; }

    /// <summary>How many items are in it.</summary>
    public int Count => _count;

    /// <summary>Whether no item is in it.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Whether there is no room for another item.</summary>
    public bool IsFull => _count >= Capacity;

    /// <summary>Whether it takes no more items.</summary>
    public bool IsShutdown { get; private set; }

    /// <summary>How many items were put in and not reported as done: what <see cref="JoinAsync"/> waits for.</summary>
    public int UnfinishedItems { get; private set; }

    /// <summary>What it looks like now. Loop thread only, or while its loop is not running.</summary>
    public QueueStatistics Statistics => new()
    {
        Count = _count,
        Capacity = Capacity,
        WaitingGetters = _getters.Count,
        WaitingPutters = _putters.Count,
        UnfinishedItems = UnfinishedItems,
        IsShutdown = IsShutdown,
    };

    /// <summary>Puts an item in, when there is room and all who came before have put theirs.</summary>
    /// <exception cref="QueueShutdownException">The queue is shut down, before or while it waits; the item was not put in.</exception>
    /// <exception cref="InvalidOperationException">This is not the queue's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits; the item was not put in.</exception>
    public Coroutine PutAsync(T item)
    {
        var wait = _putFrames.TryRent(_binding) ?? new PutWait(this);
        wait.Item = item;
        return new(wait);
    }

    /// <summary>Takes an item out, when there is one and all who came before have had theirs.</summary>
    /// <exception cref="QueueShutdownException">The queue is shut down and empty, before or while it waits.</exception>
    /// <exception cref="InvalidOperationException">This is not the queue's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits; no item was taken.</exception>
    public Coroutine<T> GetAsync() => new(_getFrames.TryRentUnchecked(_binding) ?? new GetWait(this));

    /// <summary>Puts an item in if there is room. From callbacks of the loop too.</summary>
    /// <returns>False if the queue is full or shut down; the item was not put in.</returns>
    /// <exception cref="InvalidOperationException">This is not the queue's loop.</exception>
    public bool TryPut(T item)
    {
        _binding.Verify("TryPut");
        if (!CanPut)
        {
            return false;
        }

        Put(item);
        return true;
    }

    /// <summary>Takes an item out if there is one. From callbacks of the loop too.</summary>
    /// <exception cref="InvalidOperationException">This is not the queue's loop.</exception>
    public bool TryGet([MaybeNullWhen(false)] out T item)
    {
        _binding.Verify("TryGet");
        if (_count == 0)
        {
            item = default;
            return false;
        }

        item = Get();
        return true;
    }

    /// <summary>Says that an item which was taken out has been worked off; for <see cref="JoinAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">More items were reported as done than were put in, or this is not the queue's loop.</exception>
    public void TaskDone()
    {
        _binding.Verify("TaskDone");
        if (UnfinishedItems == 0)
        {
            throw new InvalidOperationException(
                "TaskDone was called more often than items were put into the queue. Call it once for each item that was taken out, "
                + "when it has been worked off; an immediate shutdown counts the items that it drops by itself.");
        }

        Finish(1);
    }

    /// <summary>Waits until every item that was put in has been reported as done by <see cref="TaskDone"/>, or dropped by a shutdown.</summary>
    /// <exception cref="InvalidOperationException">This is not the queue's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits.</exception>
    public Coroutine JoinAsync() => new(_joinFrames.TryRentUnchecked(_binding) ?? new JoinWait(this));

    /// <summary>Whether nothing is left to be done: <see cref="JoinAsync"/> would return at once.</summary>
    /// <exception cref="InvalidOperationException">This is not the queue's loop.</exception>
    public bool TryJoin()
    {
        _binding.Verify("TryJoin");
        return UnfinishedItems == 0;
    }

    /// <summary>Takes no more items: who puts, or waits for room to, gets a <see cref="QueueShutdownException"/>.</summary>
    /// <param name="immediate">
    /// False: what is in it can still be taken out, and after that a get throws. True: what is in it is dropped and counts
    /// as done; items that were taken out before still have to be reported.
    /// </param>
    /// <remarks>It can be called again, to make a shutdown immediate.</remarks>
    /// <exception cref="InvalidOperationException">This is not the queue's loop.</exception>
    public void Shutdown(bool immediate = false)
    {
        _binding.Verify("Shutdown");
        var dropped = immediate ? _count : 0;
        if (immediate)
        {
            // Not taken out one by one: dropping needs no order, so no comparer has a say in it.
            _items.Clear();
            _count = 0;
        }

        IsShutdown = true;
        Finish(dropped);

        while (_putters.TakeFirst() is { } putter)
        {
            Unsafe.As<PutWait>(putter).OnShutdown();
        }

        // Whoever waits for an item found the queue empty.
        while (_getters.TakeFirst() is { } getter)
        {
            Unsafe.As<GetWait>(getter).OnShutdown();
        }
    }

    /// <summary>How full it is and how many wait.</summary>
    public override string ToString()
    {
        var items = Capacity == int.MaxValue ? $"{_count} items" : $"{_count} of {Capacity} items";
        var waiting = !_putters.IsEmpty ? $", {_putters.Count} putting" : !_getters.IsEmpty ? $", {_getters.Count} getting" : "";
        return $"{GetType().Name.Split('`')[0]}<{CSharpNames.Of(typeof(T))}> ({items}{waiting}{(IsShutdown ? ", shut down" : "")})";
    }

    /// <summary>Nobody waits for room while there is some, nor for an item.</summary>
    private bool CanPut => _count < Capacity && !IsShutdown;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(T item)
    {
        if (_getters.TakeFirst() is { } getter)
        {
            Unsafe.As<GetWait>(getter).OnHandedOver(item);
        }
        else
        {
            // First, since a comparer may throw; then nothing has been put.
            _items.Add(item);
            _count++;
        }

        UnfinishedItems++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Get()
    {
        var item = _items.Take();
        _count--;
        OfferRoom();
        return item;
    }

    /// <summary>To the first who waits, and as long as there is room to the next: a comparer may refuse the item of the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void OfferRoom()
    {
        while (CanPut && _putters.TakeFirst() is { } putter)
        {
            Unsafe.As<PutWait>(putter).OnRoom();
        }
    }

    private void Finish(int items)
    {
        UnfinishedItems -= items;
        if (UnfinishedItems > 0)
        {
            return;
        }

        while (_joiners.TakeFirst() is { } joiner)
        {
            Unsafe.As<JoinWait>(joiner).OnFinished();
        }
    }
}

/// <summary>A queue at one moment.</summary>
public readonly record struct QueueStatistics
{
    /// <summary>How many items are in it.</summary>
    public int Count { get; init; }

    /// <summary>How many there can be.</summary>
    public int Capacity { get; init; }

    /// <summary>How many tasks wait for an item.</summary>
    public int WaitingGetters { get; init; }

    /// <summary>How many tasks wait for room.</summary>
    public int WaitingPutters { get; init; }

    /// <summary>How many items were put in and not reported as done.</summary>
    public int UnfinishedItems { get; init; }

    /// <summary>Whether it takes no more items.</summary>
    public bool IsShutdown { get; init; }
}

/// <summary>Thrown by a queue that was shut down: to who puts, and to who gets once it is empty.</summary>
public class QueueShutdownException : InvalidOperationException
{
    /// <summary>With a message of its own.</summary>
    public QueueShutdownException()
    {
    }

    /// <summary>With that message.</summary>
    public QueueShutdownException(string? message)
        : base(message)
    {
    }

    /// <summary>With that message and cause.</summary>
    public QueueShutdownException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
