using System.Diagnostics.CodeAnalysis;

namespace Heddle;

/// <summary>The errors of wrong use: what happened, the likely cause, the remedy.</summary>
internal static class Misuse
{
    [DoesNotReturn]
    internal static void ThrowAwaitedTwice() => throw new InvalidOperationException(
        "This coroutine was awaited or started before. A coroutine runs once, and its handle is spent by that. "
        + "Call the method again for another run, or start it as a LoopTask, which can be awaited any number of times.");

    [DoesNotReturn]
    internal static void ThrowNoLoop() => throw new InvalidOperationException(
        "No Heddle task runs on this thread, so nothing here can be awaited. Either no event loop was started, or the code "
        + "left the loop's thread (after ConfigureAwait(false), or inside Task.Run). "
        + "Start a loop with EventLoop.Run, or come back to one with EventLoop.Post or EventLoopThread.RunAsync.");

    [DoesNotReturn]
    internal static void ThrowNotCompleted() => throw new InvalidOperationException(
        "This coroutine has not completed, so it has no result. Its awaiter was used by hand, or registered twice. "
        + "Use 'await', or start it as a LoopTask.");

    /// <summary>Of a wait that a generator's body awaits.</summary>
    internal static InvalidOperationException NeedsTask() => new(
        "A generator's body awaited something that only a task of an event loop can wait for: a delay, a lock, a scope, another "
        + "task. A generator runs only while it is called, so it can await its own co.Yield and co.YieldFrom, and coroutines that "
        + "do no more than that. The generator is broken by it. Use AsyncGenerator, whose body may await anything.");

    internal static InvalidOperationException ForeignInGenerator(Type awaiter) => new(
        $"A generator's body awaited something that had not completed ({awaiter}). A generator runs only while it is called, and "
        + "nobody could go on with it when that completes, so its body was given up; its finally blocks did not run. "
        + "Use AsyncGenerator, whose body may await anything.");

    internal static InvalidOperationException ForeignAwaiterThrew(Type awaiter, Exception failure) => new(
        $"The awaiter {awaiter} threw when the await was registered, so the coroutine can never be resumed and was given up; "
        + "its finally blocks did not run. An awaiter must not throw from OnCompleted: throw from GetResult.",
        failure);
}
