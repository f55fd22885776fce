using System.Text.Json.Serialization;

namespace Heddle.Benchmarks.Rows;

/// <summary>The line of JSON that a peer's program prints.</summary>
sealed record RowReport(
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("rows")] Dictionary<string, Sample> Rows);
