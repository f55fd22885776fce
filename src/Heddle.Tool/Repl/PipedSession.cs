using Heddle.Tool.Scripting;

namespace Heddle.Tool.Repl;

/// <summary>A script on standard input: no prompt, and the first part that fails is the last.</summary>
internal static class PipedSession
{
    internal static int Run()
    {
        try
        {
            return EventLoop.Run(RunAsync, ReplReports.OptionsOfScript);
        }
        catch (LoopInterruptedException interruption)
        {
            Console.Error.WriteLine($"heddle: {interruption.Message}");
            return interruption.Signal == System.Runtime.InteropServices.PosixSignal.SIGTERM ? ExitCode.Terminated : ExitCode.Interrupted;
        }
    }

    private static async Coroutine<int> RunAsync()
    {
        var theme = new Theme(hasColors: false);
        var runner = new InputRunner(new ScriptEngine(), theme);
        var commands = new ReplCommands(runner, theme);
        var script = await Task.Run(Console.In.ReadToEnd).OrCanceled();
        foreach (var part in ScriptParts.Of(script))
        {
            if (ReplCommands.IsQuit(part))
            {
                break;
            }

            if (!await commands.RunInputAsync(part))
            {
                return ExitCode.Failed;
            }
        }

        return ExitCode.Success;
    }
}
