namespace Heddle;

/// <summary>What the threads of one HTTP exchange hand in to the loop, in the order in which a simulation takes it in.</summary>
internal enum ArrivalKind
{
    Connect,
    Write,
    Read,
    Close,
    End,
}

/// <summary>Places among what comes to a loop: see <see cref="ILoopItem.Place"/>. An exchange has some in a row, one a kind.</summary>
internal static class ArrivalPlaces
{
    internal const int OfOne = 8;

    /// <param name="first">The first of the exchange; none if it has none.</param>
    /// <param name="kind">Of what comes.</param>
    internal static long Of(long first, ArrivalKind kind) => first == ILoopItem.NoPlace ? ILoopItem.NoPlace : first + (int)kind;
}
