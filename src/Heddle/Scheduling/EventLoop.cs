using System.Diagnostics;
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

    // Made with the loop: when there is something to report, no descriptor may be left to load what events need.
    private readonly HeddleEvents _events = HeddleEvents.Log;

    /// <param name="options">Of who runs it.</param>
    /// <param name="baseContext">The ambient context of who runs it.</param>
    private EventLoop(EventLoopOptions options, ExecutionContext baseContext)
    {
        _options = options;
        BaseContext = baseContext;
        Clock = options.Clock;
        _clock = new LoopClock(Clock);
        _order = options.ReadyQueue?.Invoke();
        _poller = (options.Poller ?? Pollers.Default)(this);
        _network = _poller as INetworkPoller;
        Timers = new TimerWheel(ReportThrown);
        Unobserved = new UnobservedFailures(this, options.UnobservedGrace);
        Journal = DebugMode.IsOn ? new DebugJournal(this) : null;
        Root = new RootTaskSet(new CancelScope(this, null));
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

    /// <summary>The clock from the options.</summary>
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
            Root.Scope.CollectTasks(tasks);
            tasks.Sort(static (a, b) => a.Id.CompareTo(b.Id));
            return tasks;
        }
    }

    /// <summary>How many waits for something that this loop knows nothing about are under way. Any thread; exact on the loop's.</summary>
    public int ForeignWaits { get; private set; }

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

    internal TimerWheel Timers { get; }

    internal TaskIds TaskIds { get; } = new();

    /// <summary>Of the loop and not of the thread: whoever joins knows the loop, and need not look up the thread's.</summary>
    internal FreeFrames JoinFrames { get; } = new(thread: null);

    /// <summary>For the streams of this loop.</summary>
    internal BufferPool Buffers { get; } = new();

    internal RootTaskSet Root { get; }

    internal UnobservedFailures Unobserved { get; }

    /// <summary>In debug mode only.</summary>
    internal DebugJournal? Journal { get; }

    /// <summary>The ambient context that <see cref="Run(Coroutine, EventLoopOptions?)"/> was called in.</summary>
    internal ExecutionContext BaseContext { get; }

    internal int BlockingGraceMilliseconds => Math.Max(1, (int)Math.Min(_options.BlockingGrace.TotalMilliseconds, int.MaxValue - 1));

    internal TimeSpan MaxSpin => _options.MaxSpin;

    /// <summary>The one from the options.</summary>
    internal IProcessStarter? ProcessStarter => _options.ProcessStarter;

    internal bool IsOnThread => ReferenceEquals(PerThread.OrNull, Entered);

    /// <summary>Its name and how many tasks it has.</summary>
    public override string ToString() => $"{Name} ({Root.Count} root tasks, {Timers.Count} timers, {ForeignWaits} foreign waits)";

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
            // Of whichever task it tells: what it writes to an AsyncLocal must not stay with that.
            ExecutionContext.Run(BaseContext, told => handler((LoopReport)told!), report);
        }
        catch (Exception failure)
        {
            StandardError.WriteLine($"heddle: the report handler threw {failure}{Environment.NewLine}while it was told: {report}");
        }
    }

    internal void ReportThrown(Exception failure) => Report(LoopReports.CallbackFailed(null, failure));

    internal void BeginForeignWait() => ForeignWaits++;

    internal void EndForeignWait() => ForeignWaits--;
}
