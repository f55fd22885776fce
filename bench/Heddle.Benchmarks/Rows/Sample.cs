using System.Text.Json.Serialization;

namespace Heddle.Benchmarks.Rows;

/// <summary>What one run of a row gave, for each operation; null where a side cannot tell.</summary>
/// <param name="Nanoseconds">Processor time, of all threads of the process.</param>
/// <param name="WallNanoseconds">What passed meanwhile, neighbours' work included.</param>
sealed record Sample(
    [property: JsonPropertyName("ns")] double? Nanoseconds,
    [property: JsonPropertyName("wall_ns")] double? WallNanoseconds,
    [property: JsonPropertyName("bytes")] double? Bytes);
