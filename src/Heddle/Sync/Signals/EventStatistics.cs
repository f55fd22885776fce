namespace Heddle;

/// <summary>An <see cref="AsyncManualResetEvent"/> or an <see cref="AsyncAutoResetEvent"/> at one moment.</summary>
/// <param name="IsSet">Whether a wait would end at once.</param>
/// <param name="Waiters">How many tasks wait.</param>
public readonly record struct EventStatistics(bool IsSet, int Waiters);
