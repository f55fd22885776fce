namespace Heddle;

/// <summary>An <see cref="AsyncCapacityLimiter"/> at one moment.</summary>
/// <param name="TotalTokens">How many tokens there are.</param>
/// <param name="BorrowedTokens">How many are held.</param>
/// <param name="Borrowers">Who holds them: the names of tasks, and the other borrowers in words.</param>
/// <param name="Waiters">How many tasks wait for one.</param>
public readonly record struct CapacityLimiterStatistics(int TotalTokens, int BorrowedTokens, IReadOnlyList<string> Borrowers, int Waiters);
