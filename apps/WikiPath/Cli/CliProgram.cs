using Heddle;
using WikiPath.MediaWiki;

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
        if (!WikiHttp.IsContact(host.Contact))
        {
            host.Error.WriteLine(
                "wikipath: WIKIPATH_CONTACT holds a line break, a tab or the like, and cannot be sent. Set it to an e-mail or "
                + "web address of yours.");
            return ExitCode.WrongInput;
        }
        await using var session = new SearchSession(options, host);
        return await session.RunAsync();
    }
}
