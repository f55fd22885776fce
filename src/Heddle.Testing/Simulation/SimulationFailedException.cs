namespace Heddle.Testing;

/// <summary>A simulated program has failed. The message says how, in which order of steps, and how to run just that again.</summary>
public class SimulationFailedException : Exception
{
    internal SimulationFailedException(string message, string recording, ulong? seed, int run, Exception? inner)
        : base(message, inner)
    {
        Recording = recording;
        Seed = seed;
        Run = run;
    }

    /// <summary>The order of steps, for <see cref="Simulation.Replay(string, Func{Coroutine}, SimulationOptions?)"/> and the environment variable <c>HEDDLE_SIMULATION</c>.</summary>
    public string Recording { get; }

    /// <summary>The seed that found it; null if the search for orders with few deviations did, which has none.</summary>
    public ulong? Seed { get; }

    /// <summary>In the how-manieth run it was found.</summary>
    public int Run { get; }
}
