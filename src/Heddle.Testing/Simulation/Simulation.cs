using System.Reflection;

namespace Heddle.Testing;

/// <summary>Runs a program many times in virtual time, each time in another order of its steps, until one fails; and that one again.</summary>
/// <remarks>
/// The only choice that a loop has is which of the ready tasks has the turn. What Heddle promises stays as it is: who waits first is served first, and
/// callbacks keep their order. With the same seed a run is the same each time, on each machine. A failure is an exception that escapes, a failure that nobody
/// observed, a report of the loop, a deadlock, a busy loop, something left over, or a property of the <see cref="SimulationWorld"/> that does not hold.
/// <para>
/// What is no part of the loop (the system's clock, <see cref="System.Random.Shared"/>, another thread) cannot be repeated: a program to which it makes a
/// difference is refused, with the first step that was another. Sockets are on a network in memory (<see cref="SimulationWorld.Network"/>).
/// </para>
/// <para>
/// The environment variable <c>HEDDLE_SIMULATION</c>, set to what a failure has printed, has each search make that one run only.
/// </para>
/// </remarks>
public static partial class Simulation
{
    /// <summary>The environment variable that holds a recording, or a seed, to make no other run than that.</summary>
    internal const string Variable = "HEDDLE_SIMULATION";

    /// <summary>Looks for an order of steps in which the program fails.</summary>
    /// <param name="body">The program. It is called anew for each run, and must make all its state anew.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>What was looked at, if nothing was found.</returns>
    /// <exception cref="SimulationFailedException">A run failed, or the same run took another course when it was repeated.</exception>
    /// <exception cref="FormatException">The environment variable holds no recording.</exception>
    public static SimulationSummary Explore(Func<SimulationWorld, Coroutine> body, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        var explorer = new Explorer(body, options ?? new());
        return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } what ? explorer.Repeat(what, mustApply: false) : explorer.Explore();
    }

    /// <inheritdoc cref="Explore(Func{SimulationWorld, Coroutine}, SimulationOptions?)"/>
    public static SimulationSummary Explore(Func<Coroutine> body, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Explore(new WorldlessBody(body).Begin, options);
    }

    /// <summary>Makes the run that was recorded, and no other. A test that does so keeps a bug from coming back.</summary>
    /// <param name="recording">What a failure has printed (<see cref="SimulationFailedException.Recording"/>).</param>
    /// <param name="body">The program. Edits to it do no harm as long as the awaits are there that the recording names.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>What was looked at, if it did not fail.</returns>
    /// <exception cref="SimulationFailedException">The run failed; or it did not, and something that the recording names did not come up in it.</exception>
    /// <exception cref="FormatException">It is no recording.</exception>
    public static SimulationSummary Replay(string recording, Func<SimulationWorld, Coroutine> body, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(body);
        return new Explorer(body, options ?? new()).Repeat(recording, mustApply: true);
    }

    /// <inheritdoc cref="Replay(string, Func{SimulationWorld, Coroutine}, SimulationOptions?)"/>
    public static SimulationSummary Replay(string recording, Func<Coroutine> body, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Replay(recording, new WorldlessBody(body).Begin, options);
    }

    /// <summary>Makes the run of a seed, and no other: exact as long as the program is the same.</summary>
    /// <param name="seed">One that a failure has printed (<see cref="SimulationFailedException.Seed"/>).</param>
    /// <param name="body">The program.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>What was looked at, if it did not fail.</returns>
    /// <exception cref="SimulationFailedException">The run failed.</exception>
    public static SimulationSummary Replay(ulong seed, Func<SimulationWorld, Coroutine> body, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new Explorer(body, options ?? new()).Repeat(seed);
    }

    /// <inheritdoc cref="Replay(ulong, Func{SimulationWorld, Coroutine}, SimulationOptions?)"/>
    public static SimulationSummary Replay(ulong seed, Func<Coroutine> body, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Replay(seed, new WorldlessBody(body).Begin, options);
    }
}

/// <summary>A program that is begun by another delegate than its own: this object has its name at hand.</summary>
internal abstract class SimulatedBody(MethodInfo method)
{
    internal MethodInfo Method => method;
}

/// <summary>One that asks its world nothing.</summary>
internal sealed class WorldlessBody(Func<Coroutine> body) : SimulatedBody(body.Method)
{
    internal Coroutine Begin(SimulationWorld world) => body();
}
