using System.Globalization;
using System.Text.Json;
using Heddle.Benchmarks.Quick;
using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Processes;

/// <summary>Heddle's child processes beside .NET's, in interleaved rounds, and what ten thousand of them leave behind.</summary>
static class ProcessesCommand
{
    static readonly Side[] Sides = [HeddleProcesses.Create(), PlatformProcesses.Create()];

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
                Console.Error.WriteLine("processes does not understand that; see --help.");
                return 2;
        }
    }

    const int WarmUps = 3;

    /// <summary>Between the passes the compiler has time for what has become hot.</summary>
    static readonly TimeSpan CompilerPause = TimeSpan.FromMilliseconds(300);

    static void PrintRows(Side side)
    {
        for (int pass = 0; pass < WarmUps; pass++)
        {
            foreach (RowPlan plan in side.Plans)
                plan.Run(plan.WarmUp);
            Thread.Sleep(CompilerPause);
        }
        var samples = side.Plans.ToDictionary(plan => plan.Key, plan => plan.Run(plan.Measured));
        Console.WriteLine(JsonSerializer.Serialize(new RowReport(side.Version, samples)));
    }

    static int Compare(int rounds)
    {
        Peer[] peers =
        [
            new("heddle", "Heddle", PeerFinder.ThisProgram("processes", "rows", "heddle")),
            new("process", "Process.Start", PeerFinder.ThisProgram("processes", "rows", "process")),
        ];
        var results = new Results(peers);
        for (int round = 1; round <= rounds; round++)
        {
            Console.Error.WriteLine($"round {round} of {rounds}");
            foreach (Peer peer in peers)
            {
                if (ChildProgram.TryRun(peer.Command!, out string output))
                    results.Add(peer, round, JsonSerializer.Deserialize<RowReport>(output)!);
                else
                    results.Failures.Add($"{peer.Title}, round {round}: {output}");
            }
        }
        Console.WriteLine($"Medians of {rounds} interleaved runs.");
        foreach (string failure in results.Failures)
            Console.WriteLine("  FAILED " + failure);
        MarkdownTable.Print(Console.Out, Figures(results));
        // What has just been used to start the rounds lets go of its descriptors now.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        bool isClean = ProcessCensus.Run(Console.Out);
        return results.Failures.Count == 0 && isClean ? 0 : 1;
    }

    /// <summary>How many a second counts, so the time on the wall; what this process itself takes of the processors stands beside it.</summary>
    static IEnumerable<string[]> Figures(Results results)
    {
        yield return ["children", "Heddle, a second", "Process.Start, a second", "times as many", "Heddle, CPU µs each", "Process.Start, CPU µs each"];
        foreach (CoreRow row in ProcessRows.All)
        {
            yield return
            [
                row.Title,
                Text(Rate("heddle"), "F0"),
                Text(Rate("process"), "F0"),
                Text(Ratio(), "0.00×"),
                Text(results.Value("heddle", row) / 1000, "F0"),
                Text(results.Value("process", row) / 1000, "F0"),
            ];

            double? Rate(string peer) => Median.Of(results.Samples(peer, row).Values.Select(sample => 1e9 / sample.WallNanoseconds));
            double? Ratio() => Median.Of(results.Samples("process", row)
                .Where(round => results.Samples("heddle", row).ContainsKey(round.Key))
                .Select(round => round.Value.WallNanoseconds / results.Samples("heddle", row)[round.Key].WallNanoseconds));
        }
    }

    static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}
