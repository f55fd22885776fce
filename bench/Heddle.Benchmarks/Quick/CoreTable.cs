using System.Globalization;
using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Quick;

/// <summary>The printed report: figures, ratios and goals, as Markdown.</summary>
static class CoreTable
{
    const string Nothing = "–";

    public static void Print(TextWriter output, Results results, int rounds, TimeSpan took)
    {
        output.WriteLine();
        output.WriteLine(
            $"Medians of {rounds} interleaved runs; {Environment.ProcessorCount} cores; {took.TotalSeconds:F0} s.");
        foreach (Peer peer in results.Peers)
            output.WriteLine($"  {peer.Title}: {About(peer, results)}");
        foreach (string failure in results.Failures)
            output.WriteLine("  FAILED " + failure);
        output.WriteLine();
        MarkdownTable.Print(output, Figures(results));
        output.WriteLine();
        MarkdownTable.Print(output, Ratios(results));
        output.WriteLine();
        MarkdownTable.Print(output, Goals.Table(results));
    }

    static IEnumerable<string[]> Figures(Results results)
    {
        Peer[] peers = results.Peers;
        var titles = peers.Select(peer => peer.Title);
        yield return ["ns an operation", .. titles, .. WithBytes(peers).Select(peer => "B, " + peer.Title)];
        foreach (CoreRow row in CoreRow.All)
        {
            yield return
            [
                row.Title,
                .. peers.Select(peer => Text(results.Value(peer.Key, row), row.IsMemory ? "F0" : "F1")),
                .. WithBytes(peers).Select(peer => row.IsMemory ? "" : Text(results.Bytes(peer.Key, row), "0.##")),
            ];
        }
    }

    static IEnumerable<string[]> Ratios(Results results)
    {
        Peer[] others = results.Peers[1..];
        yield return ["times Heddle's figure", .. others.Select(peer => peer.Title)];
        foreach (CoreRow row in CoreRow.All)
            yield return [row.Title, .. others.Select(peer => Text(results.Ratio(peer.Key, row), "0.0×"))];
    }

    // CPython does not count what an operation allocates.
    static IEnumerable<Peer> WithBytes(Peer[] peers) => peers.Where(peer => peer.Key is not ("asyncio" or "uvloop"));

    static string About(Peer peer, Results results) =>
        results.Versions.GetValueOrDefault(peer.Key, peer.Missing ?? "no result");

    static string Text(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? Nothing;
}
