using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>What the three queues have in common: bounded, fair, closable, and countable to the end of the work.</summary>
/// <remarks>
/// Fair: an item goes right to the one who has waited longest for one, and room to the one who has waited longest for
/// that. A get that is cancelled takes no item, and a put that is cancelled has put nothing; what was handed over is kept,
/// also if the task is cancelled before it runs: it meets the cancellation at its next suspension. It serves the tasks of
/// one loop, the first that uses it. After <c>asyncio.Queue</c> of Python 3.13.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract partial class AsyncQueueBase<T> : IAsyncEnumerable<T>
{
    private readonly LoopBinding _binding = new();
    private WaiterList<T> _getters;
    private WaiterList<Nothing> _putters;
    private WaiterList<Nothing> _joiners;
    private WaitFrames<GetWait> _getFrames;
    private WaitFrames<PutWait> _putFrames;
    private WaitFrames<JoinWait> _joinFrames;
    private int _count;

    private protected AsyncQueueBase(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
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
    public QueueStatistics Statistics => new(_count, Capacity, _getters.Count, _putters.Count, UnfinishedItems, IsShutdown);

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
        IsShutdown = true;
        if (immediate)
        {
            var dropped = _count;
            for (; _count > 0; _count--)
            {
                Take();
            }

            Finish(dropped);
        }

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

    /// <summary>Puts the item into its place.</summary>
    private protected abstract void Store(T item);

    /// <summary>Takes out the item whose turn it is; there is one.</summary>
    private protected abstract T Take();

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
            Store(item);
            _count++;
        }

        UnfinishedItems++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Get()
    {
        var item = Take();
        _count--;
        if (_putters.TakeFirst() is { } putter)
        {
            Unsafe.As<PutWait>(putter).OnRoom();
        }

        return item;
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
