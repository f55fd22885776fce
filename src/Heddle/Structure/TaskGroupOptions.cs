namespace Heddle;

/// <summary>How a <see cref="TaskGroup"/> treats its tasks.</summary>
public sealed class TaskGroupOptions
{
    /// <summary>A name for errors.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Whether a task's failure leaves the others running. At the end the group throws the failures that nobody
    /// has awaited or looked at (<see cref="LoopTask.Exception"/>); it keeps none of the others.
    /// Default: false, the first failure cancels the others.
    /// </summary>
    public bool KeepGoing { get; init; }

    /// <summary>How many tasks run at once; the others wait in the order of their start. Default: no limit.</summary>
    /// <remarks>A task that still waits for its turn when the group is cancelled never starts.</remarks>
    public int MaxConcurrency { get; init; } = int.MaxValue;
}
