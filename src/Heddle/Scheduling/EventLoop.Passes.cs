using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>The loop itself.</content>
public sealed partial class EventLoop
{
    /// <summary>Not without end, so that the JIT can replace the method while it is hot.</summary>
    private const int PassesInARow = 64;

    private Exception? _pollerFailure;

    /// <summary>The task whose code is the thread's.</summary>
    internal readonly RunnerSlot Entered = new();

    /// <summary>While foreign code of the entered task runs between its steps: the context that it was posted to.</summary>
    internal SynchronizationContext? Posted;

    /// <summary>The thread's ambient context, as far as the loop knows it; null when anything may have changed it.</summary>
    internal ExecutionContext? ThreadContext;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enqueue(LoopTask task)
    {
        if (_fifo is not null)
        {
            _fifo.Enqueue(task);
        }
        else
        {
            _ready.Enqueue(new ReadyItem(task));
        }
    }

    /// <summary>Has the action run at its turn. Loop thread only.</summary>
    internal void EnqueueAction(LoopAction action) => _ready.Enqueue(new ReadyItem(action));

    private int ReadyCount => _fifo is not null ? _fifo.Count : _ready.Count;

    /// <summary>Whether something could run, if only the thread were free.</summary>
    internal bool HasUnrunWork
        => ReadyCount > 0 || !_inbox.IsEmpty || (Timers.NextDue() is { } due && due <= NowTicks);

    /// <summary>Passes until no root task is left.</summary>
    private void RunPasses()
    {
        while (TryPass())
        {
        }
    }

    private bool TryPass()
    {
        DrainInbox();
        FireTimers();
        if (ReadyCount > 0)
        {
            RunPass();
            return true;
        }

        if (Root.Count == 0)
        {
            return false;
        }

        WaitForWork();
        return true;
    }

    /// <summary>Runs what is ready now; what becomes ready meanwhile waits for the next pass.</summary>
    /// <remarks>
    /// Not inlined: the loop around it never returns, so the JIT compiles that one while it knows little yet; a method that
    /// is called anew for each pass is compiled again with all that was learnt.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunPass()
    {
        if (_fifo is { } fifo)
        {
            // With no timer and no arrival to look at, the next pass follows at once.
            for (var passes = PassesInARow; passes > 0; passes--)
            {
                for (var n = fifo.Count; n > 0; n--)
                {
                    RunItem(fifo.Dequeue());
                }

                if (fifo.Count == 0 || Timers.Count > 0 || Volatile.Read(ref _mayHaveArrivals))
                {
                    break;
                }
            }
        }
        else
        {
            for (var n = _ready.Count; n > 0; n--)
            {
                RunItem(_ready.Dequeue());
            }
        }
    }

    private void FireTimers()
    {
        if (Timers.Count > 0 && NowTicks is var now && Timers.NextDue() <= now)
        {
            LeaveTask();
            Timers.Advance(now);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RunItem(ReadyItem item)
    {
        if (item.Task is { } task)
        {
            task.RunStep();
        }
        else
        {
            LeaveTask();
            item.Action.Invoke();
        }
    }

    /// <summary>Before anything but a task's step: no task is current, and foreign code that runs inline captures nothing of one.</summary>
    private void LeaveTask()
    {
        if (Entered.Current is not null)
        {
            Entered.Empty();
            SynchronizationContext.SetSynchronizationContext(null);
        }

        AmbientContext.Restore(BaseContext);
        ThreadContext = null;
    }

    private void WaitForWork()
    {
        LeaveTask();
        _fifo?.TrimIfEmpty();
        var timeout = Timeout.InfiniteTimeSpan;
        if (Timers.NextDue() is { } due)
        {
            timeout = new TimeSpan(due - NowTicks);
            if (timeout <= TimeSpan.Zero)
            {
                return;
            }
        }

        if (!TryGoToSleep())
        {
            return;
        }

        try
        {
            _poller.Wait(timeout);
        }
        catch (Exception failure) when (_pollerFailure is null)
        {
            _pollerFailure = failure;
            ClosedBecause("the loop's poller failed");
            Root.Scope.CancelCore($"the loop cannot go on: {failure.Message}");
        }
        finally
        {
            WakeUp();
        }
    }

    private void ClosedBecause(string reason) => Root.ClosedBecause ??= reason;

    private void ThrowIfPollerFailed()
    {
        if (_pollerFailure is not null)
        {
            ExceptionDispatchInfo.Throw(_pollerFailure);
        }
    }
}
