using System.CommandLine;
using System.CommandLine.Help;
using Heddle.Tool.Repl;

namespace Heddle.Tool;

/// <summary>The command line.</summary>
internal static class HeddleCommand
{
    internal static int Run(string[] args)
    {
        var repl = new Command(
            "repl",
            "C# with top-level 'await' on a live event loop. Tasks that were started go on while the prompt waits.\n"
            + "What is piped in is run as a script, without a prompt: heddle repl < script.csx\n"
            + "Exit codes: 0 success, 1 the script failed, 2 wrong usage, 130 interrupted, 143 terminated.");
        repl.SetAction(_ => Console.IsInputRedirected ? PipedSession.Run() : InteractiveSession.IsPossible ? InteractiveSession.Run() : PlainSession.Run());

        // A RootCommand would call itself by the file that it is in.
        var root = new Command("heddle", "Tools for Heddle, asyncio's model for .NET.") { repl, new HelpOption(), new VersionOption() };
        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors)
            {
                Console.Error.WriteLine($"heddle: {error.Message}");
            }

            Console.Error.WriteLine("Try: heddle --help");
            return ExitCode.WrongUsage;
        }

        return result.Invoke();
    }
}
