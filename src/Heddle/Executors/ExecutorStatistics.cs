namespace Heddle;

/// <summary>An executor at one moment.</summary>
/// <param name="Workers">How many workers there are: threads, processes.</param>
/// <param name="MaxWorkers">How many there can be.</param>
/// <param name="Running">How many calls run.</param>
/// <param name="Waiting">How many calls wait for a worker.</param>
/// <param name="Abandoned">How many functions still run though their calls were cancelled: they could not be stopped.</param>
/// <param name="Completed">How many calls have returned a result.</param>
/// <param name="Failed">How many calls have failed, by their function or for want of a worker.</param>
/// <param name="Canceled">How many calls were cancelled, while they waited or ran.</param>
/// <param name="LostWorkers">How many workers have died, or were killed to stop a call.</param>
/// <param name="IsClosed">Whether it takes no more calls.</param>
public readonly record struct ExecutorStatistics(
    int Workers,
    int MaxWorkers,
    int Running,
    int Waiting,
    int Abandoned,
    long Completed,
    long Failed,
    long Canceled,
    long LostWorkers,
    bool IsClosed);
