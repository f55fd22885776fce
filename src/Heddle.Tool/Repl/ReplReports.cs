namespace Heddle.Tool.Repl;

/// <summary>What the loop has to report, as far as it is news to someone who types.</summary>
internal static class ReplReports
{
    /// <summary>For a session: what is forgotten is told soon, and signals are the session's own.</summary>
    internal static EventLoopOptions OptionsOf(Theme theme) => new()
    {
        HandleSignals = false,
        UnobservedGrace = TimeSpan.FromSeconds(1),
        OnReport = report =>
        {
            // Whoever leaves has done with what still runs.
            if (IsNews(report) && report.Kind != LoopReportKind.Leftover)
            {
                Console.Error.WriteLine(theme.Warning($"heddle: {report.Message}"));
            }
        },
    };

    /// <summary>For a script, which has no one to leave things to.</summary>
    internal static EventLoopOptions OptionsOfScript { get; } = new()
    {
        OnReport = static report =>
        {
            if (IsNews(report))
            {
                Console.Error.WriteLine($"heddle: {report.Message}");
            }
        },
    };

    /// <summary>An input may take its time, and that the prompt takes its own is no fault of the user's.</summary>
    private static bool IsNews(LoopReport report)
        => report.Kind != LoopReportKind.LongStep
            || (report.TaskName != "main" && report.TaskName?.StartsWith(InputRunner.NameStart, StringComparison.Ordinal) != true);
}
