using System.Runtime.InteropServices;
using Heddle.Tool.Scripting;

namespace Heddle.Tool.Repl;

/// <summary>A person at a terminal that cannot be drawn on: lines are read as the system gives them, and nothing is redrawn.</summary>
internal sealed class PlainSession
{
    private readonly Theme _theme = new(hasColors: false);
    private readonly ScriptEngine _engine = new();
    private bool _wasInterrupted;

    private PlainSession()
    {
    }

    internal static int Run()
    {
        var session = new PlainSession();
        _ = Task.Run(session._engine.WarmUp);
        EventLoop.Run(session.RunAsync, ReplReports.OptionsOf(session._theme));
        return ExitCode.Success;
    }

    private async Coroutine RunAsync()
    {
        var runner = new InputRunner(_engine, _theme);
        var commands = new ReplCommands(runner, _theme);
        using var interrupted = EventLoop.Current.OnSignal(PosixSignal.SIGINT, _ => Interrupt(runner));
        Console.Error.WriteLine(ReplCommands.Banner);
        while (await InputAsync() is { } input && !ReplCommands.IsQuit(input))
        {
            _wasInterrupted = false;
            await commands.RunInputAsync(input);
        }
    }

    private async Coroutine<string?> InputAsync()
    {
        var input = "";
        for (var prompt = ">>> "; ; prompt = "... ")
        {
            Console.Error.Write(prompt);
            if (await Task.Run(Console.In.ReadLine).OrCanceled() is not { } line)
            {
                return null;
            }

            input += line;
            if (string.IsNullOrWhiteSpace(input) || ReplCommands.Is(input) || ScriptEngine.IsComplete(input))
            {
                return input;
            }

            input += "\n";
        }
    }

    /// <summary>The line that is being typed is the system's, so at the prompt only the second Ctrl+C does something: it leaves.</summary>
    private void Interrupt(InputRunner runner)
    {
        if (runner.Current is { } current)
        {
            current.Cancel("Ctrl+C");
        }
        else if (_wasInterrupted)
        {
            Environment.Exit(ExitCode.Success);
        }
        else
        {
            _wasInterrupted = true;
            Console.Error.WriteLine("(Ctrl+C again, or the end of input, leaves)");
        }
    }
}
