namespace Heddle;

/// <summary>The errors of a generator's wrong use.</summary>
internal static class GeneratorErrors
{
    internal static InvalidOperationException AlreadyRunning() => new(
        "The generator is being executed already. Its own body, or something that the body calls, asked it for a value or closed "
        + "it. Let the body yield first.");

    internal static InvalidOperationException SentBeforeStart() => new(
        "A value was sent to a generator that has not started: no yield waits for it. Call Next or Prime first, which run the "
        + "body to its first yield.");

    internal static InvalidOperationException IgnoredClose() => new(
        "The generator ignored its close: its body caught GeneratorExitException, or has a yield in a finally block, and yielded. "
        + "It is still suspended. Let that exception pass ('catch (Exception e) when (e is not GeneratorExitException)').");

    /// <summary>What comes out when that leaves a body. An end must not be taken for the end of the generator which it leaves.</summary>
    internal static Exception OutOfBody(Exception failure) => failure is not StopIterationException
        ? failure
        : new InvalidOperationException(
            "A StopIterationException left a generator's body: likely Next or Send was called there on another generator, which "
            + "had ended. Use TryNext or TrySend, or catch it.",
            failure);

    internal static InvalidOperationException Broken() => new(
        "The generator is broken: its body awaited something that only a task of an event loop can wait for, caught the error, "
        + "and went on. Use AsyncGenerator, whose body may await anything.");

    internal static InvalidOperationException NotItsBody() => new(
        "co.Yield or co.YieldFrom was awaited outside of the body that this 'co' was given to: in another generator's body, in "
        + "one it delegates to, in an 'async Task' method, or in a task. Use the 'co' of the body that is running, and pass it on only to "
        + "coroutines that this body awaits.");

    internal static InvalidOperationException YieldInScope() => new(
        "co.Yield was awaited inside a CancelScope or TaskGroup that the generator's body has entered. Whoever asked for the value would "
        + "go on inside of that, and the scope be left open if it asked for no other. Yield outside: collect in the scope what is to be yielded "
        + "after it, or put the scope around the code that asks.");

    internal static InvalidOperationException TakesNoValues(object inner) => new(
        $"A value was sent to a generator that yields from {inner}, which takes none of that type. "
        + "Send only while it yields by itself, or call Next.");

    internal static InvalidOperationException NoResult(GeneratorState state) => new(
        state == GeneratorState.Closed
            ? "The generator has no result: it was closed, or ended with an exception."
            : $"The generator has no result yet: it is {state}. It has one when its body has returned.");
}
