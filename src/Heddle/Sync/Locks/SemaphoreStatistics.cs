namespace Heddle;

/// <summary>An <see cref="AsyncSemaphore"/> at one moment.</summary>
/// <param name="CurrentCount">How many permits are free.</param>
/// <param name="MaximumCount">How many there can be.</param>
/// <param name="Waiters">How many tasks wait for one.</param>
public readonly record struct SemaphoreStatistics(int CurrentCount, int MaximumCount, int Waiters);
