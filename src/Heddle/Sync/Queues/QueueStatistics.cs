namespace Heddle;

/// <summary>A queue at one moment.</summary>
/// <param name="Count">How many items are in it.</param>
/// <param name="Capacity">How many there can be.</param>
/// <param name="WaitingGetters">How many tasks wait for an item.</param>
/// <param name="WaitingPutters">How many tasks wait for room.</param>
/// <param name="UnfinishedItems">How many items were put in and not reported as done.</param>
/// <param name="IsShutdown">Whether it takes no more items.</param>
public readonly record struct QueueStatistics(
    int Count, int Capacity, int WaitingGetters, int WaitingPutters, int UnfinishedItems, bool IsShutdown);
