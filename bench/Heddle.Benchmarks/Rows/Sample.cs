using System.Text.Json.Serialization;

namespace Heddle.Benchmarks.Rows;

/// <summary>What one run of a row gave, for each operation; null where a side cannot tell.</summary>
sealed record Sample(
    [property: JsonPropertyName("ns")] double? Nanoseconds,
    [property: JsonPropertyName("bytes")] double? Bytes);
