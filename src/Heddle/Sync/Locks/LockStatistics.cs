namespace Heddle;

/// <summary>An <see cref="AsyncLock"/> at one moment.</summary>
/// <param name="IsLocked">Whether a task has it.</param>
/// <param name="Holder">The name of that task.</param>
/// <param name="Waiters">How many tasks wait for it.</param>
public readonly record struct LockStatistics(bool IsLocked, string? Holder, int Waiters);
