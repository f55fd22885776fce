using Orleans;

namespace Heddle.Orleans;

/// <summary>A silo as an executor sees it.</summary>
internal sealed class RemoteSilo(string address, IWorkerGrain grain, int workers)
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string Address => address;

    internal IWorkerGrain Grain => grain;

    internal int Workers => workers;

    /// <summary>How many calls of this executor it has. Guarded by who keeps it.</summary>
    internal int Running { get; set; }

    /// <summary>Whether it is about to leave: what it has, it may bring to an end.</summary>
    internal bool IsLeaving { get; set; }

    internal bool IsFree => !IsLeaving && Running < workers;

    /// <summary>Ends when the silo has died, or has left the cluster.</summary>
    internal Task Gone => _gone.Task;

    internal void MarkGone() => _gone.TrySetResult();
}
