using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>The loop itself.</content>
public sealed partial class EventLoop
{
    /// <summary>
    /// How many items may run before the loop looks for I/O again: enough to make the look cheap, few enough to keep nobody
    /// waiting. Passes in a row end with it too, so that the JIT can replace the method while it is hot.
    /// </summary>
    private const int TurnsBetweenLooks = 64;

    /// <summary>
    /// When the last task has ended, callbacks that are left still have so many passes: enough for those that post another one
    /// or two, and an end to those that go on for ever. What other threads post meanwhile has none.
    /// </summary>
    private const int PassesAfterEnd = 16;

    private int _turnsSinceLook;
    private int _passesAfterEnd;
    private Exception? _pollerFailure;

    /// <summary>The thread's own note of the task whose code runs there; that of no thread before the loop's start and after its end.</summary>
    internal PerThread OwnThread = PerThread.None;

    /// <summary>The thread's ambient context, as far as the loop knows it; null when anything may have changed it.</summary>
    internal ExecutionContext? ThreadContext;

    /// <summary>Goes up when a callback begins and when it has ended. The loop's thread writes, that of <see cref="BlockingWatch"/> reads.</summary>
    internal int CallbackCount;

    /// <summary>Whether something waits for the thread, or may: what I/O has brought shows only when it is looked for.</summary>
    internal bool IsMissed => HasReadyWork || _network is { PendingOperations: > 0 };

    /// <summary>See <see cref="LoopWork"/>.</summary>
    internal bool HasReadyWork => _turns.Count > 0 || HasArrivals || Timers.FirstDue() <= NowTicks;

    /// <summary>Passes until no root task is left.</summary>
    private void RunPasses()
    {
        while (TryPass())
        {
        }
    }

    private bool TryPass()
    {
        // Once the last task has ended, nothing more comes in; but foreign code that goes on may wait for a coroutine.
        if (RootSet.Count > 0 || _passesAfterEnd == 0)
        {
            TakeInArrivals();
        }

        FireTimers();
        if (_passEnds.Count > 0)
        {
            EndPass();
        }

        if (_turns.Count > 0)
        {
            if (RootSet.Count == 0 && _passesAfterEnd++ == PassesAfterEnd)
            {
                return false;
            }

            LookForIo();
            RunPass();
            return true;
        }

        if (RootSet.Count == 0)
        {
            return false;
        }

        WaitForWork();
        return true;
    }

    private void RunPass()
    {
        try
        {
            RunTurns(_turns);
        }
        catch (Exception failure)
        {
            // What this pass did not come to is still in the queue.
            Contain(failure);
        }
    }

    /// <summary>Something threw that must not: it is the failure of the wait that was beginning, else of the task, else of what was called.</summary>
    private void Contain(Exception failure)
    {
        CallbackCount += CallbackCount & 1;
        var task = LoopTask.Current;
        task?.BreakStep(this, failure);
        ClearCurrent();
        if (task is null)
        {
            ReportThrown(failure);
        }
    }

    /// <summary>Runs what is ready now; what becomes ready meanwhile waits for the next pass.</summary>
    /// <remarks>
    /// Not inlined: the loop around it never returns, so the JIT compiles that one while it knows little yet; a method that
    /// is called anew for each pass is compiled again with all that was learnt.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunTurns(TurnQueue turns)
    {
        // Each step needs it, to look after the ambient context; once it was looked up here the JIT has it at hand.
        GC.KeepAlive(Thread.CurrentThread);

        // With no timer, no arrival and nothing else to look at, the next pass follows at once.
        do
        {
            _turnsSinceLook += turns.Count;
            for (var n = turns.Count; n > 0; n--)
            {
                var turn = turns.Dequeue();
                if (turn.Task is { } task)
                {
                    task.RunStep(this);
                }
                else
                {
                    RunTurn(turn.Item);
                }
            }
        }
        while (_turnsSinceLook < TurnsBetweenLooks
            && turns.Count > 0
            && Timers.Count == 0
            && _passEnds.Count == 0
            && !Volatile.Read(ref _mayHaveArrivals));
    }

    private void EndPass()
    {
        // What one of them adds has its turn, too.
        for (var i = 0; i < _passEnds.Count; i++)
        {
            RunContained(_passEnds[i]);
        }

        _passEnds.Clear();
    }

    private void RunContained(ILoopItem item)
    {
        try
        {
            Run(item);
        }
        catch (Exception failure)
        {
            ReportThrown(failure);
        }
    }

    /// <summary>While tasks are ready: serves I/O that has come meanwhile, every so often.</summary>
    private void LookForIo()
    {
        if (_turnsSinceLook < TurnsBetweenLooks)
        {
            return;
        }

        _turnsSinceLook = 0;
        if (_network is { PendingOperations: > 0 })
        {
            ClearCurrent();
            Poll(TimeSpan.Zero);
        }
    }

    private void FireTimers()
    {
        if (Timers.Count > 0 && NowTicks is var now && Timers.NextDue() <= now)
        {
            ClearCurrent();
            Timers.Advance(now);
        }
    }

    /// <param name="item">Null for the turn of a task that is still to be chosen.</param>
    private void RunTurn(ILoopItem? item)
    {
        if (item is not null)
        {
            CallbackCount++;
            Run(item);
            CallbackCount++;
        }
        else
        {
            Choose()?.RunStep(this);
        }
    }

    private void Run(ILoopItem item)
    {
        ClearCurrent();
        if (item.Context is { } context)
        {
            AmbientContext.Restore(context);
        }

        item.Run();
    }

    /// <summary>Before anything but a task's step: no task is current, and foreign code that runs inline captures nothing of one.</summary>
    private void ClearCurrent()
    {
        if (OwnThread.Runner is not null)
        {
            OwnThread.Runner = null;
            SynchronizationContext.SetSynchronizationContext(null);
        }

        AmbientContext.Restore(BaseContext);
        ThreadContext = null;
    }

    private void WaitForWork()
    {
        ClearCurrent();
        _turns.TrimIfEmpty();
        if (_alarm is not null)
        {
            WaitForClock(_alarm);
            return;
        }

        var timeout = Timeout.InfiniteTimeSpan;
        if (Timers.NextDue() is { } due)
        {
            timeout = new TimeSpan(due - NowTicks);
            if (timeout <= TimeSpan.Zero)
            {
                return;
            }
        }

        if (TryGoToSleep())
        {
            Sleep(timeout);
        }
    }

    /// <summary>Another clock than the system's: what its time takes in real time nobody knows, so it is the clock that has to wake the loop.</summary>
    private void WaitForClock(ClockAlarm alarm)
    {
        if (!TryGoToSleep())
        {
            return;
        }

        var maySleep = false;
        try
        {
            maySleep = Timers.FirstDue() is not { } due || alarm.TrySet(due);
        }
        catch (Exception failure) when (_pollerFailure is null)
        {
            EndBecauseOf(failure);
        }
        finally
        {
            if (!maySleep)
            {
                NoteAwake();
            }
        }

        if (maySleep)
        {
            Sleep(Timeout.InfiniteTimeSpan);
        }
    }

    private void Sleep(TimeSpan timeout)
    {
        try
        {
            _turnsSinceLook = 0;
            Poll(timeout);
        }
        finally
        {
            NoteAwake();
        }
    }

    private void Poll(TimeSpan timeout)
    {
        try
        {
            _poller.Wait(timeout);
        }
        catch (Exception failure) when (_pollerFailure is null)
        {
            EndBecauseOf(failure);
        }
    }

    private void EndBecauseOf(Exception failure)
    {
        _pollerFailure = failure;
        ClosedBecause("the loop's poller failed");
        RootSet.Scope.CancelCore($"the loop cannot go on: {failure.Message}");
    }

    private void ClosedBecause(string reason) => RootSet.ClosedBecause ??= reason;

    private void ThrowIfPollerFailed()
    {
        if (_pollerFailure is not null)
        {
            ExceptionDispatchInfo.Throw(_pollerFailure);
        }
    }
}
