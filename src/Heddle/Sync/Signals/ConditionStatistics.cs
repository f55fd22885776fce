namespace Heddle;

/// <summary>An <see cref="AsyncCondition"/> at one moment.</summary>
/// <param name="Waiters">How many tasks wait to be notified.</param>
/// <param name="Lock">Its lock; those who were notified wait for that.</param>
public readonly record struct ConditionStatistics(int Waiters, LockStatistics Lock);
