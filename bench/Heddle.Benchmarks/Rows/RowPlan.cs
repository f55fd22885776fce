namespace Heddle.Benchmarks.Rows;

/// <summary>One row on one side: what to run, how much to warm it up with and how much to measure.</summary>
sealed record RowPlan(string Key, Func<Load, Sample> Run, Load WarmUp, Load Measured);
