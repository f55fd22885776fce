using System.Collections.Concurrent;

namespace Heddle;

/// <content>The way in from other threads.</content>
public sealed partial class EventLoop
{
    private readonly ConcurrentQueue<object> _inbox = new();
    private int _isSleeping;

    /// <summary>Cheaper to look at, once a pass, than the queue itself.</summary>
    private bool _mayHaveArrivals;

    private bool _hasClosed;

    /// <summary>Calls whose tasks run; a loop that dies has to tell their callers.</summary>
    private readonly HashSet<IOutlivesLoop> _calls = [];

    /// <summary>Has the callback run on the loop's thread, between the steps of tasks. Any thread.</summary>
    /// <remarks>
    /// Callbacks run in the order of posting. What one throws goes to the loop's handler. One does not keep the loop: those that come, or
    /// go on posting others, after the last task has ended may never run.
    /// </remarks>
    public void Post(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Enter(new PostedAction<Action>(this, static action => action(), callback));
    }

    /// <inheritdoc cref="Post(Action)"/>
    public void Post<TState>(Action<TState> callback, TState state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Enter(new PostedAction<TState>(this, callback, state));
    }

    /// <summary>Runs the callback at once when this is the loop's thread, else at its turn. What it does must not throw.</summary>
    internal void RunOnThread(Action callback)
    {
        if (IsOnThread)
        {
            callback();
        }
        else
        {
            Post(callback);
        }
    }

    /// <summary>Has the action run at its turn. Any thread.</summary>
    internal void Enter(LoopAction action)
    {
        if (IsOnThread)
        {
            EnqueueAction(action);
        }
        else
        {
            EnterFromOutside(action);
        }
    }

    /// <param name="item">A <see cref="LoopAction"/> or an <see cref="IForeignArrival"/>.</param>
    internal void EnterFromOutside(object item)
    {
        if (Volatile.Read(ref _hasClosed))
        {
            // Foreign code that outlives its loop goes on where foreign code runs.
            (item as IOutlivesLoop)?.RunElsewhere();
            return;
        }

        _inbox.Enqueue(item);
        Volatile.Write(ref _mayHaveArrivals, true);

        // Pairs with the fence in TryGoToSleep: either the loop sees the item, or this sees that it sleeps.
        // With the one in Close in the same way: whoever comes second empties the inbox.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _hasClosed))
        {
            EmptyInbox();
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

    private void DrainInbox()
    {
        if (!Volatile.Read(ref _mayHaveArrivals))
        {
            return;
        }

        Volatile.Write(ref _mayHaveArrivals, false);
        Interlocked.MemoryBarrier();
        for (var n = _inbox.Count; n > 0 && _inbox.TryDequeue(out var item); n--)
        {
            if (item is LoopAction action)
            {
                EnqueueAction(action);
            }
            else
            {
                ((IForeignArrival)item).Arrive();
            }
        }
    }

    /// <summary>Says that the loop is about to wait, unless something has come in.</summary>
    private bool TryGoToSleep()
    {
        Interlocked.Exchange(ref _isSleeping, 1);
        if (_inbox.IsEmpty)
        {
            return true;
        }

        WakeUp();
        return false;
    }

    private void WakeUp() => Interlocked.Exchange(ref _isSleeping, 0);

    private void Close()
    {
        Volatile.Write(ref _hasClosed, true);
        Interlocked.MemoryBarrier();
        EmptyInbox();
        foreach (var call in _calls)
        {
            call.RunElsewhere();
        }

        DropReady();
    }

    /// <summary>Callbacks that had no turn any more: what foreign code posted goes on elsewhere, and callers hear that the loop has ended.</summary>
    private void DropReady()
    {
        try
        {
            for (var n = ReadyCount; n > 0; n--)
            {
                (_ready.Dequeue().Action as IOutlivesLoop)?.RunElsewhere();
            }
        }
        catch (Exception)
        {
            // A queue of the user's own; what it threw before has ended the run.
        }
    }

    /// <summary>A call of another thread's runs here until <see cref="EndCall"/>.</summary>
    internal void BeginCall(IOutlivesLoop call) => _calls.Add(call);

    internal void EndCall(IOutlivesLoop call) => _calls.Remove(call);

    private void EmptyInbox()
    {
        while (_inbox.TryDequeue(out var item))
        {
            (item as IOutlivesLoop)?.RunElsewhere();
        }
    }

    private sealed class PostedAction<TState>(EventLoop loop, Action<TState> callback, TState state) : LoopAction
    {
        internal override void Invoke()
        {
            try
            {
                callback(state);
            }
            catch (Exception failure)
            {
                loop.Report(LoopReports.CallbackFailed(null, failure));
            }
        }
    }
}

/// <summary>A wait that ended on another thread.</summary>
internal interface IForeignArrival
{
    void Arrive();
}

/// <summary>Something posted by foreign code that must go on even when the loop has ended.</summary>
internal interface IOutlivesLoop
{
    void RunElsewhere();
}
