using System.Text.Encodings.Web;
using System.Text.Json;
using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Quick;

/// <summary>Every sample with the medians, for other programs.</summary>
static class JsonResults
{
    static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(string path, Results results)
    {
        var peers = results.Peers.ToDictionary(peer => peer.Key, peer => new
        {
            version = results.Versions.GetValueOrDefault(peer.Key),
            missing = peer.Command is null ? peer.Missing : null,
            rows = CoreRow.All
                .Where(row => results.Samples(peer.Key, row).Count > 0)
                .ToDictionary(row => row.Key, row => new
                {
                    median = results.Value(peer.Key, row),
                    unit = row.IsMemory ? "bytes" : "ns",
                    bytes = results.Bytes(peer.Key, row),
                    timesHeddle = results.Ratio(peer.Key, row),
                    samples = results.Samples(peer.Key, row).Values,
                }),
        });
        File.WriteAllText(path, JsonSerializer.Serialize(new { peers, failures = results.Failures }, Options) + "\n");
    }
}
