namespace Heddle;

/// <summary>A task of which someone waits to hear that it has started.</summary>
internal interface IStartingTask
{
    bool HasStarted { get; }

    /// <summary>It has ended without saying so: whoever waits must be told.</summary>
    void EndBeforeStart();
}

internal sealed class StartingTask<T>(string? name, Started<T> started) : LoopTask(name), IStartingTask
{
    public bool HasStarted => started.IsSet;

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
