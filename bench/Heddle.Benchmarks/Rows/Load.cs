namespace Heddle.Benchmarks.Rows;

/// <summary>How much a row does: operations to count, and how many others are alive meanwhile.</summary>
readonly record struct Load(int Operations, int Live = 0);
