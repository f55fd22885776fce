using System.Globalization;
using Heddle.Testing;

namespace Heddle.Tests;

/// <summary>Virtual time, as the tests of this suite have it: with <c>HEDDLE_TEST_RUNS=200</c> each is run in 200 other orders of its steps, too.</summary>
/// <remarks>Those that say how their loop is to be have one order, and so have those that other threads reach.</remarks>
internal static class VirtualTime
{
    private static readonly int s_runs = int.Parse(Environment.GetEnvironmentVariable("HEDDLE_TEST_RUNS") ?? "0", CultureInfo.InvariantCulture);

    internal static void Run(Func<Coroutine> main, VirtualTimeOptions? options = null)
    {
        Testing.VirtualTime.Run(main, options);
        if (s_runs > 0 && options is null)
        {
            Explore(main);
        }
    }

    /// <summary>What is said of one order, first come, first served, or of the turn in which something happens; or what makes its state outside of its run.</summary>
    internal static void RunInOrder(Func<Coroutine> main) => Testing.VirtualTime.Run(main);

    internal static T Run<T>(Func<Coroutine<T>> main, VirtualTimeOptions? options = null) => Testing.VirtualTime.Run(main, options);

    private static void Explore(Func<Coroutine> main)
    {
        try
        {
            Simulation.Explore(main, new() { Runs = s_runs, Tolerates = static _ => true, AllowLeftoverTimers = true });
        }
        catch (SimulationFailedException failure) when (failure.Message.StartsWith("The program is reached from outside", StringComparison.Ordinal))
        {
        }
    }
}
