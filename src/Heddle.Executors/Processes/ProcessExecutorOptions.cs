namespace Heddle;

/// <summary>How a <see cref="ProcessExecutor"/> works.</summary>
public sealed class ProcessExecutorOptions
{
    /// <summary>Names the executor in errors. Default: "processes".</summary>
    public string Name { get; init; } = "processes";

    /// <summary>How many worker processes there can be. Default: one for each processor.</summary>
    public int MaxWorkers { get; init; } = System.Environment.ProcessorCount;

    /// <summary>How many calls may wait for a worker; one more gets an <see cref="ExecutorFullException"/>. Default: no limit.</summary>
    public int QueueLimit { get; init; } = int.MaxValue;

    /// <summary>After how many calls a worker is replaced, against what leaks. A chunk of a map counts as one. Default: never.</summary>
    public int MaxCallsPerWorker { get; init; } = int.MaxValue;

    /// <summary>
    /// How many bytes the managed memory of a worker may have, at least 16 MiB. A function that needs more gets an
    /// <see cref="OutOfMemoryException"/>, which its caller sees, and the worker is replaced. What it starts is not limited. Default: null, as much as the system allows.
    /// </summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Called in each worker before its first call: <c>WorkItem.Of(LoadModel, path)</c>. If it fails, so do the calls that wait. Default: none.</summary>
    public WorkItem? Initializer { get; init; }

    /// <summary>
    /// How long a function that takes a token has to stop once its call is cancelled, before its worker is killed. Default: five seconds.
    /// Any other function's worker is killed at once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan StopGrace
    {
        get;
        init => field = Checked(value, nameof(StopGrace));
    } = TimeSpan.FromSeconds(5);

    /// <summary>How long a worker may take to start and to run its initializer. Default: a minute.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan StartTimeout
    {
        get;
        init => field = Checked(value, nameof(StartTimeout));
    } = TimeSpan.FromMinutes(1);

    /// <summary>Variables that workers have besides those of this process; a null takes one away. Default: none.</summary>
    public IReadOnlyDictionary<string, string?>? Environment { get; init; }

    internal void Validate(string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxWorkers, parameter);
        ArgumentOutOfRangeException.ThrowIfNegative(QueueLimit, parameter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxCallsPerWorker, parameter);
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryLimit ?? long.MaxValue, 16L << 20, parameter);
    }

    private static TimeSpan Checked(TimeSpan time, string name) => time >= TimeSpan.Zero || time == Timeout.InfiniteTimeSpan
        ? time
        : throw new ArgumentOutOfRangeException(name, time, "A duration must not be negative; only Timeout.InfiniteTimeSpan, which stands for 'never', is.");
}
