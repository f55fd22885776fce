using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>The loop itself.</content>
public sealed partial class EventLoop
{
    private Exception? _pollerFailure;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enqueue(TaskRunner runner)
    {
        if (_fifo is not null)
        {
            _fifo.Enqueue(new ReadyItem(runner));
        }
        else
        {
            _ready.Enqueue(new ReadyItem(runner));
        }
    }

    /// <summary>Has the action run at its turn. Loop thread only.</summary>
    internal void EnqueueAction(LoopAction action) => _ready.Enqueue(new ReadyItem(action));

    /// <summary>Whether something could run, if only the thread were free.</summary>
    internal bool HasUnrunWork
        => _ready.Count > 0 || !_inbox.IsEmpty || (Timers.NextDue() is { } due && due <= Now.Ticks);

    /// <summary>Passes until no root task is left.</summary>
    private void RunPasses()
    {
        while (true)
        {
            DrainInbox();
            FireTimers();

            if (_ready.Count > 0)
            {
                RunPass();
            }
            else if (Root.Count == 0)
            {
                return;
            }
            else
            {
                WaitForWork();
            }
        }
    }

    /// <summary>Runs what is ready now; what becomes ready meanwhile waits for the next pass.</summary>
    private void RunPass()
    {
        if (_fifo is { } fifo)
        {
            for (var n = fifo.Count; n > 0; n--)
            {
                RunItem(fifo.Dequeue().Target);
            }
        }
        else
        {
            for (var n = _ready.Count; n > 0; n--)
            {
                RunItem(_ready.Dequeue().Target);
            }
        }
    }

    private void FireTimers()
    {
        if (Timers.Count > 0 && Now.Ticks is var now && Timers.NextDue() <= now)
        {
            LeaveTask();
            Timers.Advance(now);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RunItem(object target)
    {
        if (target.GetType() == typeof(TaskRunner))
        {
            Unsafe.As<TaskRunner>(target).RunStep();
        }
        else
        {
            LeaveTask();
            ((LoopAction)target).Invoke();
        }
    }

    /// <summary>Before anything but a task's step: no task is current, and foreign code that runs inline captures nothing of one.</summary>
    private void LeaveTask()
    {
        if (Runner.Current is not null)
        {
            Runner.Current = null;
            SynchronizationContext.SetSynchronizationContext(null);
            AmbientContext.Restore(BaseContext);
        }
    }

    private void WaitForWork()
    {
        LeaveTask();
        _fifo?.TrimIfEmpty();
        var timeout = Timeout.InfiniteTimeSpan;
        if (Timers.NextDue() is { } due)
        {
            timeout = new TimeSpan(due - Now.Ticks);
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
