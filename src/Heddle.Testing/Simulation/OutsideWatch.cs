using System.Diagnostics;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>What reaches the simulated loops of a search from outside: threads that run the program's code, and foreign waits that such a thread ends.</summary>
/// <remarks>No simulation can order what others do, so that it is said where a program gets to them: what comes of it may be another each time.</remarks>
internal sealed class OutsideWatch(OtherThreads others)
{
    internal const int QuietSlices = 2;
    internal const int QuietSlicesAfterTimer = 50;

    internal static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    /// <summary>So long threads of the program may be at work before the clock goes on without them.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>And so long where nothing else can ever end a wait.</summary>
    private static readonly TimeSpan s_longPatience = TimeSpan.FromSeconds(10);

    /// <summary>And so long for a timer of .NET's that may be somebody else's: there are no more of them than when the search began.</summary>
    private static readonly TimeSpan s_doubt = TimeSpan.FromSeconds(1);

    /// <summary>And so long for a thread pool that is at work for others, where the handler of HTTP has given it work as well.</summary>
    private static readonly TimeSpan s_poolPatience = TimeSpan.FromSeconds(1);

    private long _timersAtStart = Timer.ActiveCount;
    private readonly PoolWatch _pool = new();
    private bool _hasDoubted;
    private bool _hasRested;
    private int _changes = others.Changes;
    private bool _hasArrived;
    private bool _hasWaitedInVain;

    /// <summary>Whether the program waits for a <see cref="Task"/>, which anything may complete.</summary>
    internal bool HasTaskCode { get; init; }

    /// <summary>After whose step the program's code ran on another thread, or something came from one; null if that never happened.</summary>
    internal string? First { get; private set; }

    /// <summary>
    /// Whether threads of the program are at work, or may be about to be, the pool has not come to what it was given, or a real timer may be waited for.
    /// </summary>
    internal bool IsAtWork(EventLoop loop, TimeSpan since)
        => ThreadPool.PendingWorkItemCount > 0 ? since < s_longPatience
            : others.Running > 0 ? since < (loop.NextTimer is null ? s_longPatience : s_patience)
            : (WaitsForOthers(loop) > 0 && since < RunnableThreads.Patience && RunnableThreads.Any())
                || MayBeForTimer(loop) && since < (Timer.ActiveCount > _timersAtStart ? s_longPatience : s_doubt);

    /// <summary>
    /// Whether others may end a wait. Where nothing ever came from outside, a foreign wait is one for the loop's own doing, such as a task source that
    /// another task sets; that is found out once.
    /// </summary>
    internal bool MayCome(EventLoop loop)
        => others.Running > 0 || others.Changes != _changes || (WaitsForOthers(loop) > 0 && (_hasArrived || !_hasWaitedInVain)) || MayBeForTimer(loop);

    /// <summary>Nothing but a foreign wait is left, and timers of .NET's are set, by whomever: it may be one of them that is waited for. That is found out once, too.</summary>
    private bool MayBeForTimer(EventLoop loop) => !_hasDoubted && WaitsForOthers(loop) > 0 && loop.NextTimer is null && Timer.ActiveCount > 0;

    /// <summary>
    /// The handler of HTTP may have given work to the pool. All of it comes to its end, or to a wait for the network, before the loop goes on; and what it has
    /// handed in by then is taken in by the numbers of the exchanges. So it is the same each time, and nothing from outside.
    /// </summary>
    internal void AwaitHttp(EventLoop loop, SimulationRun run)
    {
        var start = Stopwatch.GetTimestamp();
        for (var spin = default(SpinWait); !_pool.IsAtRest; spin.SpinOnce(sleep1Threshold: -1))
        {
            if (RunnableThreads.IsOver(start, s_poolPatience))
            {
                _pool.GiveUp();
                if (!_hasRested)
                {
                    // At work since before the search, and for so long: they are blocked for good, as far as anybody knows, and the others can be told from them.
                    break;
                }

                Note(run, "the thread pool was at work for others for a second, so that nobody knows when it has done what the handler of HTTP gave to it");
                break;
            }
        }

        _hasRested = true;
        _changes = others.Changes;
        if (loop.OrderArrivals())
        {
            Note(run, "something came from another thread");
        }
    }

    /// <summary>A run of <see cref="Task"/> code begins. What the one before left behind, such as the timer of a timeout, is no part of it.</summary>
    internal void BeginTasks()
    {
        others.Renew();
        _changes = 0;
        _timersAtStart = Timer.ActiveCount;
    }

    internal void OnVainWait(EventLoop loop)
    {
        _hasDoubted |= loop.NextTimer is null;
        _hasWaitedInVain = true;
        _changes = others.Changes;
    }

    internal void OnArrival(SimulationRun run)
    {
        _hasArrived = true;
        run.OnProgress();
        Note(run, "something came from another thread");
    }

    internal void Look(SimulationRun run)
    {
        if (others.Changes != _changes)
        {
            _changes = others.Changes;
            Note(run, "another thread ran code of the program");
        }
    }

    /// <summary>An exchange of HTTP waits for the simulated network.</summary>
    private int WaitsForOthers(EventLoop loop) => Math.Max(0, loop.WaitsForOthers - loop.HttpWaits) + (HasTaskCode ? 1 : 0);

    internal void Note(SimulationRun run, string what)
        => First ??= run.Ready.Running is not { } task ? $"{what}, seen first while no task was ready{(run.Tasks is { } tasks ? $" ({tasks.ToString().ReplaceLineEndings("; ")})" : "")}"
            : $"{what}, seen first after a step of {task.Path}{(task.Task.IsCompleted ? "" : $", which is at {AwaitSites.Of(task.Task)}")}";
}
