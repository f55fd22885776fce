using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Runs tasks on one thread, each in its turn: between two awaits of one, no other runs.</summary>
/// <remarks>
/// Fair: ready tasks run in the order in which they became ready; each pass runs what was ready when it began, then
/// looks at the timers and at what came from other threads. The counterpart of an asyncio event loop.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class EventLoop
{
    [ThreadStatic]
    private static EventLoop? t_current;

    private readonly EventLoopOptions _options;
    private readonly IPoller _poller;
    private readonly INetworkPoller? _network;
    private readonly LoopClock _clock;
    private readonly Lock _reporting = new();

    /// <summary>Null where the clock is the system's, and the poller's timeout is enough.</summary>
    private readonly ClockAlarm? _alarm;

    // Made with the loop: when there is something to report, no descriptor may be left to load what events need.
    private readonly HeddleEvents _events = HeddleEvents.Log;

    /// <param name="options">Of who runs it.</param>
    /// <param name="baseContext">The ambient context of who runs it.</param>
    private EventLoop(EventLoopOptions options, ExecutionContext baseContext)
    {
        _options = options;
        BaseContext = baseContext;
        Clock = new LoopTimeProvider(this, options.Clock);
        _clock = new LoopClock(options.Clock);
        _alarm = HasSystemClock ? null : new ClockAlarm(_clock, options.Clock, WakeIfAsleep);
        TaskIds = new TaskIds(isOwn: !HasSystemClock);
        _order = options.ReadyQueue?.Invoke();
        _poller = (options.Poller ?? Pollers.Default)(this);
        _network = _poller as INetworkPoller;
        Timers = new TimerWheel(ReportThrown);
        Unobserved = new UnobservedFailures(this, options.UnobservedGrace);
        Journal = DebugMode.IsOn ? new DebugJournal(this) : null;
        var scope = new CancelScope(this, null);
        RootSet = scope.TaskSet = new TaskSet(scope);
    }

    /// <summary>The loop that runs on this thread.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static EventLoop Current
    {
        get
        {
            if (t_current is null)
            {
                Misuse.ThrowNoLoop();
            }

            return t_current;
        }
    }

    /// <summary>Whether a loop runs on this thread.</summary>
    public static bool IsRunning => t_current is not null;

    /// <summary>The name from the options.</summary>
    public string Name => _options.Name;

    /// <summary>The loop's time for code that takes a <see cref="TimeProvider"/>: that of <see cref="EventLoopOptions.Clock"/>, with timers of the loop's own.</summary>
    /// <remarks>
    /// A timer calls back on the loop, between the steps of tasks, in the <see cref="ExecutionContext"/> of whoever made it; what the
    /// callback throws is reported. It may be made, changed and disposed of from any thread: the last call counts, from when it was made.
    /// A period under a millisecond is none, and ticks that were missed are left out. After the loop's end a timer does nothing.
    /// </remarks>
    public TimeProvider Clock { get; }

    /// <summary>How long the loop has been running, by its clock. Monotonic. Any thread.</summary>
    public TimeSpan Now => new(NowTicks);

    /// <summary>The tasks that have not ended, in the order of their start, those of groups included. Loop thread only.</summary>
    public IReadOnlyList<LoopTask> Tasks
    {
        get
        {
            VerifyThread("EventLoop.Tasks");
            var tasks = new List<LoopTask>();
            RootSet.Scope.CollectTasks(tasks);
            tasks.Sort(static (a, b) => a.Id.CompareTo(b.Id));
            return tasks;
        }
    }

    /// <summary>What the loop's sockets are made by.</summary>
    /// <exception cref="NotSupportedException">The poller from the options does no I/O.</exception>
    public INetworkPoller Network => _network ?? throw new NotSupportedException(
        $"The loop '{Name}' has a poller that does no I/O ({_poller.GetType().Name}), so it has no sockets. "
        + "Run on a loop with one of the Pollers, or with another INetworkPoller.");

    /// <summary>Whether <see cref="Network"/> is there.</summary>
    internal bool HasNetwork => _network is not null;

    internal static EventLoop? CurrentOrNull => t_current;

    internal long NowTicks => _clock.Ticks;

    /// <summary>By foreign task: what an abandoned wait has left registered with it, for the next one. Null before the first.</summary>
    internal System.Runtime.CompilerServices.ConditionalWeakTable<Task, TaskArrival>? TaskArrivals { get; set; }

    internal readonly TimerWheel Timers;

    internal readonly TaskIds TaskIds;

    /// <summary>Of the loop and not of the thread: whoever joins knows the loop, and need not look up the thread's.</summary>
    internal readonly FreeFrames JoinFrames = new(thread: null);

    /// <summary>For the streams of this loop.</summary>
    internal readonly BufferPool Buffers = new();

    internal readonly TaskSet RootSet;

    internal readonly UnobservedFailures Unobserved;

    /// <summary>In debug mode only.</summary>
    internal readonly DebugJournal? Journal;

    /// <summary>The ambient context that <see cref="Run(Coroutine, EventLoopOptions?)"/> was called in.</summary>
    internal readonly ExecutionContext BaseContext;

    internal TimeSpan BlockingGrace => _options.BlockingGrace;

    internal bool ThrowsIfBlocked => _options.ThrowIfBlocked;

    internal TimeSpan MaxSpin => _options.MaxSpin is var most && most >= TimeSpan.Zero && most < TimeSpan.FromDays(1) ? most : TimeSpan.FromDays(1);

    /// <summary>The one from the options.</summary>
    internal IProcessStarter? ProcessStarter => _options.ProcessStarter;

    /// <summary>The one from the options.</summary>
    internal IThreadRunner? ThreadRunner => _options.ThreadRunner;

    /// <summary>Whether its time is real time.</summary>
    internal bool HasSystemClock => ReferenceEquals(_options.Clock, TimeProvider.System);

    /// <summary>See <see cref="LoopWork"/>.</summary>
    internal int ForeignWaits { get; private set; }

    /// <summary>See <see cref="LoopWork"/>.</summary>
    internal int HttpWaits { get; set; }

    /// <summary>So many HTTP exchanges have begun, each with the next number.</summary>
    internal long Exchanges { get; set; }

    /// <summary>How many timers of <see cref="Clock"/> are set.</summary>
    internal int ClockTimers { get; set; }

    internal bool IsOnThread => ReferenceEquals(PerThread.OrNull, OwnThread);

    /// <summary>Its name and how many tasks it has.</summary>
    public override string ToString() => $"{Name} ({RootSet.Count} root tasks, {Timers.Count} timers, {ForeignWaits} foreign waits)";

    internal void VerifyThread(string member)
    {
        if (!IsOnThread)
        {
            ThrowWrongThread(member);
        }
    }

    private void ThrowWrongThread(string member) => throw new InvalidOperationException(
        $"{member} was called from another thread than that of the loop '{Name}'. A loop's objects are not thread-safe. "
        + "Call it on the loop: loop.Post(() => ...).");

    /// <summary>Says what would be silent. Never throws: who reports has a failure to deal with, and not one more.</summary>
    internal void Report(LoopReport report)
    {
        try
        {
            if (_events.IsEnabled())
            {
                _events.Report(report.Kind.ToString(), report.TaskName ?? "", report.ToString());
            }
        }
        catch (Exception)
        {
            // An event's listener; the report has its way below.
        }

        if (_options.OnReport is not { } handler)
        {
            StandardError.WriteLine($"heddle: {report}");
            return;
        }

        try
        {
            // A loop whose thread is held cannot tell that itself.
            lock (_reporting)
            {
                // Of whichever task it tells: what it writes to an AsyncLocal must not stay with that.
                ExecutionContext.Run(BaseContext, told => handler((LoopReport)told!), report);
            }
        }
        catch (Exception failure)
        {
            StandardError.WriteLine($"heddle: the report handler threw {failure}{Environment.NewLine}while it was told: {report}");
        }
    }

    internal void ReportThrown(Exception failure) => Report(LoopReports.CallbackFailed(null, failure));

    internal void BeginForeignWait() => ForeignWaits++;

    internal void EndForeignWait() => ForeignWaits--;

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
        loop.OwnThread = PerThread.This;
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
            loop.ClearCurrent();
            loop.Close();
            loop._alarm?.Dispose();
            loop._poller.Dispose();
            loop.OwnThread = PerThread.None;
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
        RootSet.Start(main, root);
        main.OnCompleted(_ =>
        {
            EndRootTasks(reportLeftovers: !_isService && _pollerFailure is null);
            if (RootSet.Count > 0)
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
            for (var task = RootSet.First; task is not null; task = task.NextInSet)
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
        RootSet.Scope.CancelCore("the main coroutine has ended");
    }

    /// <summary>The tasks as they stand now: who awaits whom, in which methods, and for what. Loop thread only.</summary>
    /// <remarks>
    /// Made by looking, so it costs nothing until it is asked for: time and memory for each task and each coroutine on its stack.
    /// How long each one has waited is noted only in debug mode (<c>HEDDLE_DEBUG=1</c>).
    /// </remarks>
    /// <exception cref="InvalidOperationException">Called from another thread than the loop's.</exception>
    public LoopSnapshot Snapshot()
    {
        VerifyThread("EventLoop.Snapshot");
        return new TaskTree(this).Take();
    }
}
