using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>The door: all that the loop is to do comes in here, and here it is decided what is done next.</content>
public sealed partial class EventLoop
{
    private readonly TurnQueue _turns = new();
    private readonly ConcurrentQueue<ILoopItem> _inbox = new();
    private readonly List<ILoopItem> _passEnds = [];

    /// <summary>What is under way and has somebody waiting elsewhere, who has to hear of it if the loop ends before.</summary>
    private readonly HashSet<ILoopItem> _underWay = [];

    /// <summary>The order from the options, in which ready tasks have their turns; null for that of their coming.</summary>
    private IReadyQueue? _order;

    private int _isSleeping;

    /// <summary>Cheaper to look at, once a pass, than the queue itself.</summary>
    private bool _mayHaveArrivals;

    private bool _hasClosed;

    /// <summary>Whether its run is over. Any thread.</summary>
    internal bool HasEnded => Volatile.Read(ref _hasClosed);

    /// <summary>A task has become ready. Loop thread only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enqueue(LoopTask task)
    {
        if (_order is null)
        {
            _turns.Enqueue(task);
        }
        else
        {
            EnqueueInOrder(task);
        }
    }

    /// <summary>Has the item run at its turn. Loop thread only.</summary>
    internal void Enqueue(ILoopItem item) => _turns.Enqueue(item);

    /// <summary>Has the item run once, before the loop goes on to the next pass or waits. Loop thread only.</summary>
    internal void AtEndOfPass(ILoopItem item) => _passEnds.Add(item);

    /// <summary>Has the item run at its turn. Any thread.</summary>
    internal void Submit(ILoopItem item)
    {
        if (IsOnThread)
        {
            Enqueue(item);
        }
        else
        {
            SubmitFromOutside(item);
        }
    }

    /// <summary>The same for the library's own callbacks, which run in the loop's context. Any thread.</summary>
    internal void Submit(Action callback) => Submit(new Callback<Action>(static action => action(), callback));

    /// <inheritdoc cref="Submit(Action)"/>
    internal void Submit<TState>(Action<TState> callback, TState state) => Submit(new Callback<TState>(callback, state));

    /// <summary>Runs the callback at once when this is the loop's thread, else at its turn. What it does must not throw.</summary>
    internal void RunOnThread(Action callback)
    {
        if (IsOnThread)
        {
            callback();
        }
        else
        {
            Submit(callback);
        }
    }

    /// <summary>The item comes from another thread. After the loop's end it is dropped.</summary>
    internal void SubmitFromOutside(ILoopItem item)
    {
        if (Volatile.Read(ref _hasClosed))
        {
            Drop(item);
            return;
        }

        _inbox.Enqueue(item);
        Volatile.Write(ref _mayHaveArrivals, true);

        // Pairs with the fence in TryGoToSleep: either the loop sees the item, or this sees that it sleeps.
        // With the one in Close in the same way: whoever comes second empties the inbox.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _hasClosed))
        {
            DropArrivals();
        }
        else
        {
            WakeIfAsleep();
        }
    }

    /// <summary>Any thread.</summary>
    private void WakeIfAsleep()
    {
        if (Volatile.Read(ref _isSleeping) == 1 && Interlocked.Exchange(ref _isSleeping, 0) == 1)
        {
            _poller.Wake();
        }
    }

    /// <summary>Somebody elsewhere waits for it until <see cref="EndUnderWay"/>; a loop that ends before drops it.</summary>
    internal void BeginUnderWay(ILoopItem item) => _underWay.Add(item);

    internal void EndUnderWay(ILoopItem item) => _underWay.Remove(item);

    private bool HasArrivals => !_inbox.IsEmpty;

    /// <summary>Takes in what has come from other threads, one by one in the order of its coming.</summary>
    private void TakeInArrivals()
    {
        if (!Volatile.Read(ref _mayHaveArrivals))
        {
            return;
        }

        Volatile.Write(ref _mayHaveArrivals, false);
        Interlocked.MemoryBarrier();
        for (var n = _inbox.Count; n > 0 && _inbox.TryDequeue(out var item); n--)
        {
            if (item.OnlyWakes)
            {
                RunContained(item);
            }
            else
            {
                _turns.Enqueue(item);
            }
        }
    }

    /// <summary>Whether the order of turns is not that of coming, so that nothing else must depend on the moment either.</summary>
    internal bool HasOrder => _order is not null;

    /// <summary>Code of .NET's HTTP handler has run on this thread and may have given work to the pool: see <see cref="INetworkPoller.AwaitHttp"/>. Does nothing elsewhere.</summary>
    internal void AwaitHttp()
    {
        if (Exchanges > 0 && _order is not null && IsOnThread)
        {
            _network?.AwaitHttp();
        }
    }

    /// <summary>See <see cref="LoopWork"/>.</summary>
    internal bool OrderArrivals()
    {
        if (_inbox.IsEmpty)
        {
            return false;
        }

        var items = new List<ILoopItem>();
        while (_inbox.TryDequeue(out var item))
        {
            items.Add(item);
        }

        foreach (var item in items.OrderBy(static item => item.Place))
        {
            _inbox.Enqueue(item);
        }

        return items.Exists(static item => item.Place == ILoopItem.NoPlace);
    }

    /// <summary>Says that the loop is about to wait, unless something has come in.</summary>
    private bool TryGoToSleep()
    {
        Interlocked.Exchange(ref _isSleeping, 1);
        if (_inbox.IsEmpty)
        {
            return true;
        }

        NoteAwake();
        return false;
    }

    private void NoteAwake() => Interlocked.Exchange(ref _isSleeping, 0);

    private void EnqueueInOrder(LoopTask task)
    {
        if (task.IsCompleted)
        {
            // It was dropped, and what it had waited for has come all the same.
            task.State = RunnerState.Dropped;
            return;
        }

        try
        {
            _order!.Enqueue(task);
            _turns.EnqueueChoice();
        }
        catch (Exception failure)
        {
            GiveUpOrder(failure);
        }
    }

    /// <summary>
    /// The choice of a run: which of the ready tasks has the turn that has come. Callbacks, and what one thread sends, keep their
    /// order, so that there is no other choice at this door.
    /// </summary>
    /// <returns>Null when the task whose turn it would be was dropped, and when the order was given up: the turn is then a later one.</returns>
    private LoopTask? Choose()
    {
        if (_order is null)
        {
            return null;
        }

        try
        {
            var task = _order.Dequeue();
            if (task is null or { State: RunnerState.Dropped })
            {
                return null;
            }

            if (task is { State: RunnerState.Ready } && ReferenceEquals(task.Loop, this))
            {
                return task;
            }

            throw new InvalidOperationException($"It gave out {task}, which is no task that is ready on this loop.");
        }
        catch (Exception failure)
        {
            GiveUpOrder(failure);
            return null;
        }
    }

    /// <exception cref="InvalidOperationException">A task's code runs, or ready tasks have their turns as they come.</exception>
    internal void VerifyMayDrop()
    {
        if (_order is null || LoopTask.Current is { State: RunnerState.Running })
        {
            throw new InvalidOperationException(_order is null
                ? $"Tasks of the loop '{Name}' cannot be dropped: it has no ready queue of its own (EventLoopOptions.ReadyQueue), which could let go of those that are ready."
                : "Tasks cannot be dropped within a task's step: what runs cannot be ended where it stands. Do it in a callback: loop.Post(() => loop.Drop(...)).");
        }
    }

    /// <summary>No task may be lost in a queue that does not work: all that are ready are queued anew, in the order of their start.</summary>
    private void GiveUpOrder(Exception failure)
    {
        var order = _order!;
        _order = null;
        foreach (var task in Tasks)
        {
            if (task.State == RunnerState.Ready)
            {
                _turns.Enqueue(task);
            }
        }

        Report(LoopReports.OrderFailed(order, failure));
    }

    /// <summary>The loop has ended, well or not: what is left is dropped, and so is what comes from now on.</summary>
    private void Close()
    {
        Volatile.Write(ref _hasClosed, true);
        Interlocked.MemoryBarrier();
        DropArrivals();
        foreach (var item in _underWay.ToArray())
        {
            Drop(item);
        }

        for (var task = RootSet.First; task is not null; task = task.NextInSet)
        {
            task.DropWithLoop(EndedException());
        }

        while (_turns.Count > 0)
        {
            if (_turns.Dequeue().Item is { } item)
            {
                Drop(item);
            }
        }

        _passEnds.ForEach(Drop);
        DropSignalHandlers();
        if (Volatile.Read(ref _dropped) is > 0 and var dropped)
        {
            Report(LoopReports.CallbacksDropped(this, dropped));
        }
    }

    private void DropArrivals()
    {
        while (_inbox.TryDequeue(out var item))
        {
            Drop(item);
        }
    }

    private void Drop(ILoopItem item)
    {
        try
        {
            item.Drop();
        }
        catch (Exception failure)
        {
            ReportThrown(failure);
        }
    }

    private sealed class Callback<TState>(Action<TState> callback, TState state) : ILoopItem
    {
        public void Run() => callback(state);

        public void Drop()
        {
        }
    }
}
