using System.Diagnostics;
using Heddle.Testing;

namespace Heddle.Benchmarks.Simulations;

/// <summary>Five tasks that yield, and what a number of its runs takes beyond a first one, which compiles and warms up.</summary>
static class SimulatedProgram
{
    const int Tasks = 5;

    /// <summary>What so many runs took, half of them random walks and half by priorities.</summary>
    public static SimulationSample Measure(int yields, int runs)
    {
        var (few, fewBytes) = Explore(yields, 1);
        var (many, manyBytes) = Explore(yields, 1 + runs);
        return new(runs, many.Decisions - few.Decisions, many.Elapsed - few.Elapsed, manyBytes - fewBytes);
    }

    static (SimulationSummary Summary, long Bytes) Explore(int yields, int runs)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        SimulationSummary summary = Simulation.Explore(
            () => RunAsync(yields),
            new() { Runs = runs, Deviations = 0, Time = Timeout.InfiniteTimeSpan, StepsAtOnce = int.MaxValue });
        return (summary, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static async Coroutine RunAsync(int yields)
        => await TaskGroup.RunAsync(group =>
        {
            for (int task = 0; task < Tasks; task++)
                group.Start(YieldAsync(yields));
            return Coroutine.Completed;
        });

    static async Coroutine YieldAsync(int yields)
    {
        for (int i = 0; i < yields; i++)
            await Coroutine.Yield();
    }
}

/// <summary>What some runs took.</summary>
readonly record struct SimulationSample(int Runs, long Decisions, TimeSpan Time, long Bytes);
