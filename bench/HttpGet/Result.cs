namespace Heddle.Benchmarks.HttpGet;

/// <summary>What was measured; all but the first three is a request's share.</summary>
sealed record Result(
    long Requests,
    double Seconds,
    double RequestsPerSecond,
    double ClientUs,
    double WorkItems,
    double Allocated)
{
    /// <summary>With those of the warm-up.</summary>
    public long AllRequests { get; init; }
}
