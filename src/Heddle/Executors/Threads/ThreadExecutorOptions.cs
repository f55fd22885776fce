namespace Heddle;

/// <summary>How a <see cref="ThreadExecutor"/> works.</summary>
public sealed class ThreadExecutorOptions
{
    /// <summary>Names the threads, and the executor in errors. Default: "threads".</summary>
    public string Name { get; init; } = "threads";

    /// <summary>How many threads there can be. Default: four more than processors, at most 32, as most wait and do not compute.</summary>
    public int MaxThreads { get; init; } = Math.Min(32, Environment.ProcessorCount + 4);

    /// <summary>How many calls may wait for a thread; one more gets an <see cref="ExecutorFullException"/>. Default: no limit.</summary>
    public int QueueLimit { get; init; } = int.MaxValue;

    /// <summary>How long a function that takes a token has to stop once its call is cancelled, before it is abandoned. Default: five seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan StopGrace
    {
        get;
        init => field = Durations.Checked(value, nameof(StopGrace));
    } = TimeSpan.FromSeconds(5);
}
