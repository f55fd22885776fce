using System.Diagnostics;
using System.Globalization;
using Heddle.Testing;

namespace Heddle.TestPrograms;

/// <summary>Searches all programs about order, cancellation and faults for a failure: what <c>eng/mutants/run.py --explore</c> runs on a library without one of its cures.</summary>
/// <remarks>None of the programs knows which cure is missing. Each is right with the library as it is.</remarks>
internal static class CureSearch
{
    private static readonly (string Name, Func<SimulationWorld, Coroutine> Body)[] s_programs =
        [.. LineCures.All, .. ScopeCures.All, .. GroupCures.All, .. HttpCures.All];

    /// <summary>Writes which programs fail first come, first served, and then which one a search finds to fail, and when.</summary>
    internal static int Run(TimeSpan limit)
    {
        var plain = s_programs.Where(static program => Find(program.Body, new() { Runs = 1, Deviations = 0 }) is not null).Select(static program => program.Name);
        Console.WriteLine($"plain: {string.Join(", ", plain)}");
        var start = Stopwatch.GetTimestamp();
        var runs = 0;
        for (var (round, each) = (0, 40); ; round++, each *= 4)
        {
            foreach (var (name, body) in s_programs)
            {
                var left = limit - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"not found in {runs} runs"));
                    return 0;
                }

                var options = new SimulationOptions { Runs = each, Deviations = 2, FirstSeed = 1 + ((ulong)round * 1_000_000), Time = left };
                if (Find(body, options) is { } failure)
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"found: {name}, {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s, {runs + failure.Runs} runs: {failure.What}"));
                    return 0;
                }

                runs += each;
            }
        }
    }

    /// <summary>Explores one of the programs, which is right, so that it fails only if something else is not.</summary>
    internal static int Explore(string name)
    {
        var summary = Simulation.Explore(s_programs.Single(program => program.Name == name).Body, new() { Runs = 60, Time = Timeout.InfiniteTimeSpan });
        Console.WriteLine($"{summary.Runs} runs");
        return 0;
    }

    private static (int Runs, string What)? Find(Func<SimulationWorld, Coroutine> body, SimulationOptions options)
    {
        try
        {
            Simulation.Explore(body, options with { ShrinkTime = TimeSpan.Zero });
            return null;
        }
        catch (SimulationFailedException failure)
        {
            var lines = failure.Message.Split('\n');
            var found = lines.FirstOrDefault(static line => line.StartsWith("Found in run ", StringComparison.Ordinal));
            var runs = found is null ? 1 : int.Parse(found.Split(' ')[3], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
            return (runs, lines[0].Trim());
        }
    }
}
