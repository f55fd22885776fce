namespace Heddle.Benchmarks.Rows;

/// <summary>A way to run the rows inside this process.</summary>
sealed record Side(string Key, string Version, RowPlan[] Plans);
