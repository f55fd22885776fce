using System.Diagnostics;
using System.Text.Json;
using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Quick;

/// <summary>
/// Runs every peer once a round, so that a slow minute of the machine falls on all of them, and prints the medians.
/// </summary>
static class QuickCommand
{
    public static int Run(string[] args)
    {
        if (QuickOptions.Parse(args, out string problem) is not { } options)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }
        long start = Stopwatch.GetTimestamp();
        Peer[] peers = PeerFinder.Find(options);
        var results = new Results(peers);
        for (int round = 1; round <= options.Rounds; round++)
        {
            Console.Error.Write($"round {round} of {options.Rounds}:");
            foreach (Peer peer in peers.Where(peer => peer.Command is not null))
            {
                Console.Error.Write(" " + peer.Key);
                RunOnce(peer, round, results);
            }
            Console.Error.WriteLine();
        }
        CoreTable.Print(Console.Out, results, options.Rounds, Stopwatch.GetElapsedTime(start));
        if (options.JsonFile is not null)
            JsonResults.Write(options.JsonFile, results);
        return results.Failures.Count == 0 ? 0 : 1;
    }

    static void RunOnce(Peer peer, int round, Results results)
    {
        foreach (string[] rows in new string[][] { [], [CoreRow.SleepingTaskKey] })
        {
            PeerCommand command = peer.Command!;
            command = command with { Arguments = [.. command.Arguments, .. rows] };
            if (ChildProgram.TryRun(command, out string output))
                results.Add(peer, round, JsonSerializer.Deserialize<RowReport>(output)!);
            else
                results.Failures.Add($"{peer.Title}, round {round}: {output}");
        }
    }
}
