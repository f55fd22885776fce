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

    private readonly long _timersAtStart = Timer.ActiveCount;
    private bool _hasDoubted;
    private int _changes = others.Changes;
    private bool _hasArrived;
    private bool _hasWaitedInVain;

    /// <summary>After whose step the program's code ran on another thread, or something came from one; null if that never happened.</summary>
    internal string? First { get; private set; }

    /// <summary>
    /// Whether threads of the program are at work, or may be about to be, the pool has not come to what it was given, or a real timer may be waited for.
    /// </summary>
    internal bool IsAtWork(EventLoop loop, TimeSpan since)
        => ThreadPool.PendingWorkItemCount > 0 ? since < s_longPatience
            : others.Running > 0 ? since < (loop.NextTimer is null ? s_longPatience : s_patience)
            : (loop.WaitsForOthers > 0 && since < RunnableThreads.Patience && RunnableThreads.Any())
                || MayBeForTimer(loop) && since < (Timer.ActiveCount > _timersAtStart ? s_longPatience : s_doubt);

    /// <summary>
    /// Whether others may end a wait. Where nothing ever came from outside, a foreign wait is one for the loop's own doing, such as a task source that
    /// another task sets; that is found out once.
    /// </summary>
    internal bool MayCome(EventLoop loop)
        => others.Running > 0 || others.Changes != _changes || (loop.WaitsForOthers > 0 && (_hasArrived || !_hasWaitedInVain)) || MayBeForTimer(loop);

    /// <summary>Nothing but a foreign wait is left, and timers of .NET's are set, by whomever: it may be one of them that is waited for. That is found out once, too.</summary>
    private bool MayBeForTimer(EventLoop loop) => !_hasDoubted && loop.WaitsForOthers > 0 && loop.NextTimer is null && Timer.ActiveCount > 0;

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

    private void Note(SimulationRun run, string what)
        => First ??= run.Ready.Running is not { } task ? $"{what}, seen first while no task was ready"
            : $"{what}, seen first after a step of {task.Path}{(task.Task.IsCompleted ? "" : $", which is at {AwaitSites.Of(task.Task)}")}";
}
