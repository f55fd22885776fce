namespace Heddle;

/// <summary>An <see cref="AsyncBarrier"/> at one moment.</summary>
/// <param name="ParticipantCount">How many have to come.</param>
/// <param name="Waiters">How many have come and wait for the others.</param>
/// <param name="IsBroken">Whether every wait fails.</param>
public readonly record struct BarrierStatistics(int ParticipantCount, int Waiters, bool IsBroken);
