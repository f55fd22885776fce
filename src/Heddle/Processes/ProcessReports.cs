namespace Heddle;

/// <summary>The texts of the processes' reports.</summary>
internal static class ProcessReports
{
    internal static LoopReport StopFailed(Subprocess process, Exception failure) => new(
        LoopReportKind.UnhandledFailure,
        $"The process {process} could not be stopped, and is left to itself: {failure.Message}",
        LoopTask.Current?.Name,
        failure);
}
