namespace Heddle.Testing;

public static partial class Simulation
{
    /// <summary>Looks for an order of steps in which ordinary <c>async</c> <see cref="Task"/> code fails. There need be no coroutine in it.</summary>
    /// <remarks>
    /// The code runs in a context of the simulation's. Where one of its methods goes on after an await, it has a turn, and whose turn is next is a choice; so is it for what it gives to the thread
    /// pool (<see cref="Task.Run(Action)"/>, what comes after <c>ConfigureAwait(false)</c>), of which one piece is done at a time while all else waits. Time is that of the
    /// <see cref="SimulationWorld.TimeProvider"/>: delays, timeouts and timers that are made with it take none. One of .NET's own timers, a thread, a socket or a file comes when it comes:
    /// a program that gets to one is refused, with the step that did. Searches of this kind are made one at a time in a process. Timers that are left over at the end are no failure.
    /// </remarks>
    /// <param name="body">The program. It is called anew for each run, and must make all its state anew.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>What was looked at, if nothing was found.</returns>
    /// <exception cref="SimulationFailedException">A run failed, or the same run took another course when it was repeated.</exception>
    /// <exception cref="FormatException">The environment variable holds no recording.</exception>
    public static SimulationSummary ExploreTasks(Func<SimulationWorld, Task> body, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Explore(new TaskBody(body.Method, body).Begin, options);
    }

    /// <inheritdoc cref="ExploreTasks(Func{SimulationWorld, Task}, SimulationOptions?)"/>
    public static SimulationSummary ExploreTasks(Func<Task> body, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Explore(new TaskBody(body.Method, _ => body()).Begin, options);
    }

    /// <summary>Makes the run that was recorded, and no other. A test that does so keeps a bug from coming back.</summary>
    /// <param name="recording">What a failure has printed (<see cref="SimulationFailedException.Recording"/>).</param>
    /// <param name="body">The program. Edits to it do no harm as long as the awaits are there that the recording names.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>What was looked at, if it did not fail.</returns>
    /// <exception cref="SimulationFailedException">The run failed; or it did not, and something that the recording names did not come up in it.</exception>
    /// <exception cref="FormatException">It is no recording.</exception>
    public static SimulationSummary ReplayTasks(string recording, Func<SimulationWorld, Task> body, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Replay(recording, new TaskBody(body.Method, body).Begin, options);
    }

    /// <inheritdoc cref="ReplayTasks(string, Func{SimulationWorld, Task}, SimulationOptions?)"/>
    public static SimulationSummary ReplayTasks(string recording, Func<Task> body, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Replay(recording, new TaskBody(body.Method, _ => body()).Begin, options);
    }

    /// <summary>Makes the run of a seed, and no other: exact as long as the program is the same.</summary>
    /// <param name="seed">One that a failure has printed (<see cref="SimulationFailedException.Seed"/>).</param>
    /// <param name="body">The program.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>What was looked at, if it did not fail.</returns>
    /// <exception cref="SimulationFailedException">The run failed.</exception>
    public static SimulationSummary ReplayTasks(ulong seed, Func<SimulationWorld, Task> body, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Replay(seed, new TaskBody(body.Method, body).Begin, options);
    }

    /// <inheritdoc cref="ReplayTasks(ulong, Func{SimulationWorld, Task}, SimulationOptions?)"/>
    public static SimulationSummary ReplayTasks(ulong seed, Func<Task> body, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Replay(seed, new TaskBody(body.Method, _ => body()).Begin, options);
    }
}

/// <summary>A program of <see cref="Task"/> code.</summary>
internal sealed class TaskBody(System.Reflection.MethodInfo method, Func<SimulationWorld, Task> body) : SimulatedBody(method)
{
    internal Coroutine Begin(SimulationWorld world) => world.Run.RunTasksAsync(body);
}
