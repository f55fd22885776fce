using System.Diagnostics;
using System.Globalization;
using Heddle.Testing;

namespace Heddle.TestPrograms;

/// <summary>Makes the simulated runs of many seeds that speak HTTP, in blocks, and writes what another process must repeat.</summary>
/// <remarks>In a process of its own, as the handler of HTTP gives work to the thread pool, which must not be at work for others.</remarks>
internal static class HttpRuns
{
    private const int Block = 100;

    /// <param name="program">Which: web or wiki.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="isVerbose">Whether to write, on the error output, how far it has come and how fast.</param>
    internal static int Make(string program, ulong first, int count, bool isVerbose)
    {
        var start = Stopwatch.GetTimestamp();
        var struck = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var done = 0; done < count;)
        {
            var seeds = Math.Min(Block, count - done);
            var summary = Simulation.Explore(
                program == "web" ? SimulatedWeb.RunAsync : SimulatedWiki.RunAsync,
                new() { Runs = seeds + 1, Deviations = 0, FirstSeed = first + (ulong)done, Time = Timeout.InfiniteTimeSpan });
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"{first + (ulong)done} {summary.Hash:x16}\n"));
            done += seeds;
            foreach (var (fault, times) in summary.Struck)
            {
                struck[fault.ToString()] = struck.GetValueOrDefault(fault.ToString()) + times;
            }

            if (isVerbose && done % 1000 < Block)
            {
                var rate = done / Stopwatch.GetElapsedTime(start).TotalSeconds;
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{done} seeds, {rate:0} a second; struck: {string.Join(", ", struck.Select(static fault => $"{fault.Key} {fault.Value}"))}; never true in the last block: {string.Join(", ", summary.NeverTrue)}"));
            }
        }

        return 0;
    }

    /// <summary>Once a search has begun somebody else's work holds a thread of the pool: writes what it is refused for.</summary>
    internal static int MakeBesideOthers()
    {
        using var isOver = new ManualResetEventSlim();
        try
        {
            Simulation.Explore(
                async world =>
                {
                    await SimulatedWeb.RunAsync(world);

                    // Without the context of this program, as that of another test would be.
#pragma warning disable HED009 // It is what the search has to refuse.
                    ThreadPool.UnsafeQueueUserWorkItem(static isOver => isOver.Wait(TimeSpan.FromMinutes(1)), isOver, preferLocal: false);
#pragma warning restore HED009
                    await SimulatedWeb.AskOnceAsync();
                },
                new() { Runs = 1 });
            Console.WriteLine("not refused");
        }
        catch (SimulationFailedException failure)
        {
            Console.WriteLine(failure.Message.Split('\n')[0]);
        }

        isOver.Set();
        return 0;
    }
}
