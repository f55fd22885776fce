using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Heddle;

/// <content>Running a main coroutine.</content>
public sealed partial class EventLoop
{
    private LoopTask? _main;

    /// <summary>Whether it serves others, on a thread of its own.</summary>
    private bool _isService;

    private Exception? _diedOf;

    /// <summary>What ended the run before its tasks had ended, or had them cancelled; null while all is well.</summary>
    internal Exception? DiedOf => _diedOf ?? _pollerFailure;

    /// <summary>Runs the coroutine, and every task that it starts, on this thread; returns when all have ended.</summary>
    /// <remarks>
    /// When the coroutine ends, tasks of the loop's own that still run are reported, cancelled and awaited.
    /// Ctrl+C and SIGTERM cancel the coroutine. The counterpart of <c>asyncio.run</c>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">A loop runs on this thread already, or the coroutine was awaited before.</exception>
    /// <exception cref="LoopInterruptedException">The coroutine was cancelled by a signal.</exception>
    /// <exception cref="ScopeCanceledException">The coroutine's task was cancelled by hand.</exception>
    public static void Run(Coroutine main, EventLoopOptions? options = null)
        => RunMain(new LoopTask("main"), main.Take, options);

    /// <inheritdoc cref="Run(Coroutine, EventLoopOptions?)"/>
    public static T Run<T>(Coroutine<T> main, EventLoopOptions? options = null)
    {
        var task = new LoopTask<T>("main");
        RunMain(task, main.Take, options);
        return task.Value;
    }

    /// <inheritdoc cref="Run(Coroutine, EventLoopOptions?)"/>
    public static void Run(Func<Coroutine> main, EventLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        RunMain(new LoopTask("main"), () => main().Take(), options);
    }

    /// <inheritdoc cref="Run(Coroutine, EventLoopOptions?)"/>
    public static T Run<T>(Func<Coroutine<T>> main, EventLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        var task = new LoopTask<T>("main");
        RunMain(task, () => main().Take(), options);
        return task.Value;
    }

    /// <summary>For a loop that serves others: what still runs when it is stopped is no leftover worth a report.</summary>
    internal static void RunUntilStopped(Func<Coroutine> main, EventLoopOptions options)
        => RunMain(new LoopTask("main"), () => main().Take(), options, isService: true);

    /// <param name="main">The task to end with.</param>
    /// <param name="makeRoot">Called once the loop is the thread's, so that the body's own start finds it.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="isService">Whether it takes no signals and ends quietly.</param>
    private static void RunMain(LoopTask main, Func<Frame> makeRoot, EventLoopOptions? options, bool isService = false)
    {
        if (t_current is { } running)
        {
            throw new InvalidOperationException(
                $"EventLoop.Run was called on the thread of the running loop '{running.Name}', which it would block for ever. "
                + "Await the coroutine instead; for a second loop use EventLoopThread.");
        }

        var callersContext = SynchronizationContext.Current;
        var callersRunner = PerThread.This.Runner;
        var callersAmbience = AmbientContext.Save(out var isFlowSuppressed);
        var loop = new EventLoop(options ?? new EventLoopOptions(), callersAmbience) { _isService = isService };
        t_current = loop;
        loop.Entered = PerThread.This;
        try
        {
            PerThread.This.Runner = null;
            SynchronizationContext.SetSynchronizationContext(null);
            loop.RunToEnd(main, makeRoot());
        }
        catch (Exception failure) when (!main.IsCompleted)
        {
            loop._diedOf = failure;
            throw;
        }
        finally
        {
            loop.LeaveTask();
            loop.Close();
            loop._alarm?.Dispose();
            loop._poller.Dispose();
            loop.Entered = PerThread.None;
            t_current = null;
            PerThread.This.Runner = callersRunner;
            AmbientContext.Restore(callersAmbience, isFlowSuppressed);
            SynchronizationContext.SetSynchronizationContext(callersContext);
        }
    }

    private void RunToEnd(LoopTask main, Frame root)
    {
        _main = main;
        main.MarkObserved();
        using var ending = new EndWatch(this);
        using var blocking = BlockingWatch.Begin(this);
        using var signals = _options.HandleSignals && !_isService ? new MainSignals(this, ending) : null;
        Root.Start(main, root);
        main.OnCompleted(_ =>
        {
            EndRootTasks(reportLeftovers: !_isService && _pollerFailure is null);
            if (Root.Count > 0)
            {
                ending.Begin("its main coroutine has ended");
            }
        });
        RunPasses();
        Unobserved.ReportAll();
        Journal?.ReportAllForgotten();
        ThrowIfPollerFailed();
        if (main.IsCompletedSuccessfully)
        {
            return;
        }

        if (main.IsCanceled && InterruptedBy is { } signal)
        {
            InterruptedExit.Prepare();
            throw new LoopInterruptedException(signal, main.Failure!);
        }

        if (main.CapturedFailure is { } failure)
        {
            failure.Throw();
        }

        ExceptionDispatchInfo.Throw(main.Failure!);
    }

    /// <summary>The main coroutine has ended: so must all others.</summary>
    private void EndRootTasks(bool reportLeftovers)
    {
        if (reportLeftovers)
        {
            // A copy, since who is told may start a task, say to write a log.
            var leftovers = new List<LoopTask>();
            for (var task = Root.First; task is not null; task = task.NextInSet)
            {
                leftovers.Add(task);
            }

            foreach (var task in leftovers)
            {
                if (!task.IsImplicit)
                {
                    Report(LoopReports.Leftover(task));
                }
            }
        }

        ClosedBecause("the main coroutine has ended");
        Root.Scope.CancelCore("the main coroutine has ended");
    }
}
