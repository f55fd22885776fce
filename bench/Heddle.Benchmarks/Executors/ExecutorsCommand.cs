using System.Globalization;
using System.Text.Json;
using Heddle.Benchmarks.Quick;

namespace Heddle.Benchmarks.Executors;

/// <summary>Heddle's executors beside CPython's process pool, in interleaved rounds. The best of each row counts: the work needs all cores.</summary>
static class ExecutorsCommand
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["rows"]:
                Console.WriteLine(JsonSerializer.Serialize(ExecutorRows.Run(), Json));
                return 0;
            case []:
                return Compare(rounds: 5);
            case ["--rounds", var text] when int.TryParse(text, out int rounds) && rounds > 0:
                return Compare(rounds);
            default:
                Console.Error.WriteLine("executors does not understand that; see --help.");
                return 2;
        }
    }

    static int Compare(int rounds)
    {
        Peer[] peers =
        [
            new("heddle", "Heddle", PeerFinder.ThisProgram("executors", "rows")),
            PythonPeers.FindAny("cpython", "CPython", "executors.py"),
        ];
        var reports = peers.ToDictionary(peer => peer.Key, _ => new List<ExecutorReport>());
        bool hasFailed = false;
        for (int round = 1; round <= rounds; round++)
        {
            Console.Error.WriteLine($"round {round} of {rounds}");
            foreach (Peer peer in peers.Where(peer => peer.Command is not null))
            {
                if (ChildProgram.TryRun(peer.Command!, out string output))
                    reports[peer.Key].Add(JsonSerializer.Deserialize<ExecutorReport>(output, Json)!);
                else
                    Console.WriteLine($"FAILED {peer.Title}, round {round}: {output}");
                hasFailed |= reports[peer.Key].Count != round;
            }
        }
        Print(peers, reports, rounds);
        return hasFailed ? 1 : 0;
    }

    static void Print(Peer[] peers, Dictionary<string, List<ExecutorReport>> reports, int rounds)
    {
        Console.WriteLine($"Best of {rounds} interleaved rounds.");
        foreach (Peer peer in peers)
            Console.WriteLine($"  {peer.Title}: {reports[peer.Key].FirstOrDefault()?.Version ?? peer.Missing ?? "no result"}");
        MarkdownTable.Print(Console.Out, Figures());
        Console.WriteLine();
        MarkdownTable.Print(Console.Out, Cores());

        IEnumerable<string[]> Figures()
        {
            yield return ["µs", "Heddle", "CPython", "CPython, times Heddle's"];
            yield return Compared("a small call to one process", "call", "call");
            yield return Compared("an item of a map, each as it comes by default", "map", "map");
            yield return Compared("an item of a map, chunks of 1", "map_1", "map");
            yield return Compared("an item of a map, chunks of 100", "map_100", "map_100");
            yield return Compared("an item of a map, chunks of 1000", "map_1000", "map_1000");
        }

        string[] Compared(string title, string ours, string theirs)
        {
            (double? heddle, double? cpython) = (Best("heddle", ours), Best("cpython", theirs));
            return [title, Text(heddle * 1e6, "F2"), Text(cpython * 1e6, "F2"), Text(cpython / heddle, "F1")];
        }

        IEnumerable<string[]> Cores()
        {
            yield return ["two jobs that compute", "in sequence, s", "at once, s", "times as fast", "p99 of a 1 ms tick, ms"];
            foreach (string name in new[] { "processes", "threads" })
            {
                (double? sequence, double? atOnce) = (Best("heddle", $"{name}_in_sequence"), Best("heddle", $"{name}_at_once"));
                yield return [name, Text(sequence, "F2"), Text(atOnce, "F2"), Text(sequence / atOnce, "F2"), Text(Best("heddle", $"{name}_tick_p99") * 1e3, "F2")];
            }
            yield return ["nothing", "–", "–", "–", Text(Best("heddle", "idle_tick_p99") * 1e3, "F2")];
        }

        double? Best(string peer, string row) =>
            reports[peer].Where(report => report.Rows.ContainsKey(row)).Min(report => (double?)report.Rows[row]);
    }

    static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}
