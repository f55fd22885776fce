namespace Heddle;

/// <summary>The texts of the executors' reports.</summary>
internal static class ExecutorReports
{
    internal static LoopReport Abandoned(string executor, string function) => new(
        LoopReportKind.Abandoned,
        $"{function} was cancelled while it ran on '{executor}'. A thread cannot be stopped from outside, so it runs on, its result is dropped, and it "
        + "holds its thread until it ends. Let it take a CancellationToken as its last parameter and look at it, or run it on a ProcessExecutor.");

    internal static LoopReport AbandonedFailed(string executor, string function, Exception failure) => new(
        LoopReportKind.UnhandledFailure,
        $"{function}, which was cancelled while it ran on '{executor}', failed after that: {failure.Message}",
        exception: failure);

    internal static LoopReport NotReached(Exception failure) => new(
        LoopReportKind.UnhandledFailure,
        $"The enumeration of a MapAsync was left before the place of a call, or of an item, that had failed: {failure.Message}",
        exception: failure);
}
