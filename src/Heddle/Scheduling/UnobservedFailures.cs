namespace Heddle;

/// <summary>Failures of the loop's own tasks that nobody has awaited so far; each is reported after a grace, or at the end.</summary>
internal sealed class UnobservedFailures(EventLoop loop, TimeSpan grace)
{
    private readonly HashSet<Watched> _watched = [];

    internal void Watch(LoopTask task)
    {
        if (task.IsObserved)
        {
            return;
        }

        var watched = new Watched(this, task);
        _watched.Add(watched);
        if (grace != Timeout.InfiniteTimeSpan)
        {
            loop.Timers.Schedule(watched, Durations.After(loop.NowTicks, grace.Ticks));
        }
    }

    internal void ReportAll()
    {
        foreach (var watched in _watched.OrderBy(w => w.Task.Id).ToArray())
        {
            loop.Timers.Cancel(watched);
            Report(watched);
        }
    }

    private void Report(Watched watched)
    {
        _watched.Remove(watched);
        if (!watched.Task.IsObserved)
        {
            loop.Report(LoopReports.Unobserved(watched.Task));
        }
    }

    private sealed class Watched(UnobservedFailures owner, LoopTask task) : TimerNode
    {
        internal LoopTask Task => task;

        protected internal override void Fire() => owner.Report(this);
    }
}
