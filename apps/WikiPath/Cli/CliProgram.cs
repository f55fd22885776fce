using Heddle;

namespace WikiPath.Cli;

/// <summary>The program: from arguments to an exit code.</summary>
public static class CliProgram
{
    /// <summary>Runs to the end on a loop of its own; Ctrl+C cancels the search.</summary>
    public static int Run(IReadOnlyList<string> args, CliHost host)
    {
        try
        {
            return EventLoop.Run(RunAsync(args, host));
        }
        catch (LoopInterruptedException)
        {
            return ExitCode.Interrupted;
        }
        catch (OutputLostException lost)
        {
            host.Error.WriteLine($"wikipath: the output could not be written: {lost.Message}");
            return ExitCode.NotWritten;
        }
    }

    /// <summary>
    /// Runs on the current loop. A cancellation passes through, after a word on how far the search came.
    /// </summary>
    public static async Coroutine<int> RunAsync(IReadOnlyList<string> args, CliHost host)
    {
        if (new CliParser().Parse(args, host, out var exitCode) is not { } options) return exitCode;
        await using var session = new SearchSession(options, host);
        return await session.RunAsync();
    }
}
