using System.Globalization;
using System.Text.Json;
using Heddle.Benchmarks.Quick;
using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Generators;

/// <summary>Heddle's generators beside C#'s iterators and CPython's generators, in interleaved rounds.</summary>
static class GeneratorsCommand
{
    static readonly Side[] Sides = [HeddleGenerators.Create(), Iterators.Create()];

    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["rows", var key] when Array.Find(Sides, side => side.Key == key) is { } side:
                PrintRows(side);
                return 0;
            case []:
                return Compare(rounds: 7);
            case ["--rounds", var text] when int.TryParse(text, out int rounds) && rounds > 0:
                return Compare(rounds);
            default:
                Console.Error.WriteLine("generators does not understand that; see --help.");
                return 2;
        }
    }

    static void PrintRows(Side side)
    {
        WarmUp.Run(side.Plans);
        var samples = side.Plans.ToDictionary(plan => plan.Key, plan => plan.Run(plan.Measured));
        Console.WriteLine(JsonSerializer.Serialize(new RowReport(side.Version, samples)));
    }

    static int Compare(int rounds)
    {
        Peer[] peers =
        [
            new("heddle", "Heddle", PeerFinder.ThisProgram("generators", "rows", "heddle")),
            new("iterator", "C# iterator", PeerFinder.ThisProgram("generators", "rows", "iterator")),
            PythonPeers.FindAny("cpython", "CPython", "generators.py"),
        ];
        var results = new Results(peers);
        for (int round = 1; round <= rounds; round++)
        {
            Console.Error.WriteLine($"round {round} of {rounds}");
            foreach (Peer peer in peers.Where(peer => peer.Command is not null))
            {
                if (ChildProgram.TryRun(peer.Command!, out string output))
                    results.Add(peer, round, JsonSerializer.Deserialize<RowReport>(output)!);
                else
                    results.Failures.Add($"{peer.Title}, round {round}: {output}");
            }
        }
        Print(results, rounds);
        return results.Failures.Count == 0 ? 0 : 1;
    }

    static void Print(Results results, int rounds)
    {
        Peer[] peers = results.Peers;
        Console.WriteLine($"Medians of {rounds} interleaved runs.");
        foreach (Peer peer in peers)
            Console.WriteLine($"  {peer.Title}: {results.Versions.GetValueOrDefault(peer.Key, peer.Missing ?? "no result")}");
        foreach (string failure in results.Failures)
            Console.WriteLine("  FAILED " + failure);
        MarkdownTable.Print(Console.Out, Figures(results));
        Console.WriteLine();
        MarkdownTable.Print(Console.Out, Goals(results));
    }

    static IEnumerable<string[]> Figures(Results results)
    {
        Peer[] others = results.Peers[1..];
        yield return
        [
            "ns an operation",
            .. results.Peers.Select(peer => peer.Title),
            .. others.Select(peer => $"{peer.Title}, times Heddle's"),
            "B, Heddle",
        ];
        foreach (CoreRow row in GeneratorRows.All)
        {
            yield return
            [
                row.Title,
                .. results.Peers.Select(peer => Text(results.Value(peer.Key, row), "F1")),
                .. others.Select(peer => Text(results.Ratio(peer.Key, row), "0.00×")),
                Text(results.Bytes("heddle", row), "F0"),
            ];
        }
    }

    static IEnumerable<string[]> Goals(Results results)
    {
        yield return ["goal", "measured", "met"];
        yield return Goal("a step: at most 25 ns", results.Value("heddle", GeneratorRows.Send), 25);
        yield return Goal("a step: 0 bytes", Math.Round(results.Bytes("heddle", GeneratorRows.Send) ?? double.NaN, 2), 0);
        yield return Goal("a foreach: at most 6 times an iterator's time", 1 / results.Ratio("iterator", GeneratorRows.Foreach), 6);
        yield return Goal(
            "ten levels: at most 1.5 times one's",
            results.Value("heddle", GeneratorRows.Send10) / results.Value("heddle", GeneratorRows.Send),
            1.5);
    }

    static string[] Goal(string text, double? figure, double limit) =>
        [text, Text(figure, "0.00"), figure is null ? "–" : figure <= limit ? "yes" : "no"];

    static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}
