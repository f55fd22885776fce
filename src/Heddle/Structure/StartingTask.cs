namespace Heddle;

/// <summary>A task that its starter waits for until it says that it is up.</summary>
internal sealed class StartingTask<T>(string? name, Started<T> started) : LoopTask(name), IStartingTask
{
    public bool HasStarted => started.IsSet;

    internal override IStartingTask Starting => this;

    public void EndBeforeStart()
    {
        MarkObserved();
        started.Source.TrySetException(
            IsFaulted ? Failure!
            : IsCanceled ? new LoopTaskCanceledException(this)
            : new InvalidOperationException(
                $"{Describe()} ended without having said that it started. Call Set on the object that its body receives."));
    }
}
