namespace Heddle.Testing;

/// <summary>What was wrong with a run.</summary>
/// <param name="Kind">Runs whose failures are of the same kind have failed alike.</param>
/// <param name="Message">What happened.</param>
/// <param name="Exception">What was thrown, if anything was.</param>
internal sealed record SimulationFailure(string Kind, string Message, Exception? Exception = null)
{
    /// <summary>Of a traced run: the tasks as they stood.</summary>
    internal string? State { get; set; }

    internal static SimulationFailure Of(Exception exception)
    {
        var inner = exception;
        while (inner is AggregateException { InnerExceptions: [var only, ..] })
        {
            inner = only;
        }

        return new(
            inner.GetType().FullName!,
            inner is DeadlockException ? "Deadlock: " + inner.Message : $"{inner.GetType().Name}: {inner.Message}",
            exception);
    }

    internal static SimulationFailure Of(LoopReport report) => new($"report {report.Kind}", report.Message, report.Exception);

    internal static SimulationFailure BusyLoop(int steps, SimulatedTask? last)
        => new(
            "busy loop",
            $"Busy loop: {steps:N0} steps without an end, and no time has passed{(last is null ? "" : $"; the last one was of {last.Path}")}. "
            + "A task that waits for something by looking again and again never lets time pass: have it await what it waits for, or a delay. "
            + "A program that needs as many steps at once can be given more (SimulationOptions.StepsAtOnce).");

    internal static SimulationFailure Unobserved(string method, Exception exception)
        => new("unobserved", $"{method} has failed, and nobody has awaited it: {exception.GetType().Name}: {exception.Message}", exception);

    internal static SimulationFailure LeftoverTimer(TimeSpan due)
        => new(
            "leftover timer",
            $"A timer was left over: it is still set, and due {due} after the program's end. Dispose of what set it, such as a PeriodicTimer or a "
            + "CancellationTokenSource, or allow it (SimulationOptions.AllowLeftoverTimers).");

    internal static SimulationFailure SharedObject(SimulatedTask waker, SimulatedHost wakersHost, SimulatedTask woken, SimulatedHost host)
        => new(
            "shared object",
            $"The hosts '{wakersHost.Name}' and '{host.Name}' share an object: a step of {waker.Path} has woken {woken.Path}, which waits at "
            + $"{AwaitSites.Of(woken.Task)}. Machines share no memory, and neither a lock nor a queue. Make it in the main coroutine of the host that it belongs to, and "
            + "have the other one ask over the network; what belongs to the test is for code that runs on no host.");

    internal static SimulationFailure OfProperty(string quantifier, string name, string detail)
        => new($"{quantifier} {name}", $"{quantifier} \"{name}\": {detail}");

    /// <summary>Not those that tell how long something took in real time, as no run could be repeated that fails for such a reason.</summary>
    internal static bool IsDefect(LoopReportKind kind) => kind is
        LoopReportKind.UnhandledFailure or LoopReportKind.CallbackFailed or LoopReportKind.SwallowedCancellation or LoopReportKind.Leftover
        or LoopReportKind.NeverAwaited or LoopReportKind.CallbacksDropped;
}
