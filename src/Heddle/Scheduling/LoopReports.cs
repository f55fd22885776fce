using Heddle.LowLevel;

namespace Heddle;

/// <summary>The texts of all reports.</summary>
internal static class LoopReports
{
    internal static LoopReport Unobserved(LoopTask task) => new(
        LoopReportKind.UnhandledFailure,
        $"{Capital(task)} failed and nobody awaited it: {task.Failure!.Message}",
        task.Name,
        task.Failure);

    internal static LoopReport NotThrown(LoopTask task) => new(
        LoopReportKind.UnhandledFailure,
        $"{Capital(task)} failed after another failure had been chosen to be thrown: {task.Failure!.Message}",
        task.Name,
        task.Failure);

    internal static LoopReport CallbackFailed(LoopTask? task, Exception failure) => new(
        LoopReportKind.CallbackFailed,
        task is null
            ? $"A callback on the loop threw: {failure.Message}"
            : $"A callback of {task.Describe()} threw: {failure.Message}",
        task?.Name,
        failure);

    internal static LoopReport CallbacksDropped(EventLoop loop, int count) => new(
        LoopReportKind.CallbacksDropped,
        $"{(count == 1 ? "A callback that was" : $"{count} callbacks that were")} posted to the loop '{loop.Name}' had no turn before its end. Callbacks do not "
        + "keep a loop: what must be done belongs into a task that the main coroutine awaits.");

    internal static LoopReport OrderFailed(Heddle.LowLevel.IReadyQueue order, Exception failure) => new(
        LoopReportKind.UnhandledFailure,
        $"The ready queue {order.GetType().Name} failed, so the loop goes on first come, first served: {failure.Message}",
        exception: failure);

    internal static LoopReport CloseFailed(Exception failure) => new(
        LoopReportKind.UnhandledFailure,
        $"Something that a scope held failed while it was closed, after another failure: {failure.Message}",
        exception: failure);

    internal static LoopReport TokenCallbackFailed(Exception failure) => new(
        LoopReportKind.CallbackFailed,
        $"A callback registered with a scope's token threw: {failure.Message}",
        exception: failure);

    internal static LoopReport SwallowedCancellation(LoopTask task, CancelScope scope, int times) => new(
        LoopReportKind.SwallowedCancellation,
        $"{Capital(task)} has awaited {times} times in a cancelled scope (reason: {scope.Reason ?? "none given"}). It probably "
        + "catches OperationCanceledException in a loop. Let ScopeCanceledException pass, or leave the loop when it comes.",
        task.Name);

    internal static LoopReport Leftover(LoopTask task) => new(
        LoopReportKind.Leftover,
        $"{Capital(task)} was still running when the main coroutine ended (it waits for {task.WaitsFor}); it is cancelled. "
        + "Await it or cancel it before, or start it in a TaskGroup.",
        task.Name);

    internal static LoopReport StillRunning(LoopSnapshot snapshot, string reason, TimeSpan after) => new(
        LoopReportKind.StillRunning,
        $"The loop '{snapshot.Name}' was told to end ({reason}), and {after.TotalSeconds:0} s later it waits for what was cancelled to end:\n"
        + $"{snapshot}\nA bare await of something foreign, a shield, or clean-up that takes its time keeps a task: give them a deadline, "
        + "or make the wait abandonable by OrCanceled().");

    internal static LoopReport HeldWhileEnding(EventLoop loop, LoopTask? holder, string reason) => new(
        LoopReportKind.StillRunning,
        $"The loop '{loop.Name}' was told to end ({reason}), and its thread has not come back for seconds from "
        + $"{(holder is null ? "a callback" : $"a step of {holder.Describe()}")}. Have what computes or blocks done elsewhere: Coroutine.ToThread.");

    internal static LoopReport Blocks(LoopTask task, string stack) => new(
        LoopReportKind.Blocked,
        $"{Capital(task)} blocks the thread of the loop '{task.Loop.Name}' (Task.Wait, .Result, a lock or another synchronous wait), while the loop "
        + "has something else to do that only this thread can do: what is waited for may depend on it. Use 'await' instead of the blocking wait, or "
        + $"have it done on a thread: Coroutine.ToThread.\n{stack}",
        task.Name);

    internal static LoopReport CallbackHolds(EventLoop loop, TimeSpan soFar) => new(
        LoopReportKind.Blocked,
        $"A callback (of Post, of a timer or of a token) has held the thread of the loop '{loop.Name}' for {soFar.TotalMilliseconds:0} ms, and does "
        + "still: no task runs, and no other callback. One that has to wait starts a task, which can await: LoopTask.Start.");

    internal static LoopReport Died(EventLoop loop, Exception failure) => new(
        LoopReportKind.UnhandledFailure, $"The loop '{loop.Name}' has died: {failure.Message}", exception: failure);

    internal static LoopReport NeverAwaited(LoopTask maker, string message) => new(LoopReportKind.NeverAwaited, message, maker.Name);

    internal static LoopReport CancelRequested(CancelScope scope, string? reason, string place) => new(
        LoopReportKind.CancelRequested,
        $"{(scope is { IsTaskScope: true, Host: { } task } ? Capital(task) : "A scope")} was cancelled ({reason ?? "no reason given"}) in {place}.",
        scope.Host?.Name);

    internal static LoopReport LongStep(LoopTask task, TimeSpan took, string? began) => new(
        LoopReportKind.LongStep,
        $"{Capital(task)} held the loop for {took.TotalMilliseconds:0} ms, and all others waited meanwhile. It went on in "
        + $"{began ?? "its body"}{Standing(task)}. Have what computes or blocks done elsewhere (Coroutine.ToThread), or let others have their turn in "
        + "between (await Coroutine.Yield()).",
        task.Name);

    private static string Standing(LoopTask task)
        => task.State == RunnerState.Suspended
            ? $" and now stands in {string.Join(" › ", TaskTree.FramesOf(task))}, where it waits for {task.WaitsFor}"
            : task.State == RunnerState.Ended ? " and ended" : "";

    internal static string Capital(LoopTask task) => $"Task '{task.Name}'";
}
