namespace Heddle;

/// <summary>A task of which someone waits to hear that it has started.</summary>
internal interface IStartingTask
{
    bool HasStarted { get; }

    /// <summary>It has ended without saying so: whoever waits must be told.</summary>
    void EndBeforeStart();
}
