using Heddle.Tool.Scripting;

namespace Heddle.Tool.Repl;

/// <summary>A person at a terminal that cannot be drawn on: lines are read as the system gives them, and nothing is redrawn.</summary>
internal sealed class PlainSession
{
    private const string Prompt = ">>> ";

    private readonly Theme _theme = new(hasColors: false);
    private readonly ScriptEngine _engine = new();
    private Interruption? _interruption;
    private bool _wasInterrupted;

    /// <summary>The lines so far of an input that is not whole.</summary>
    private string _typed = "";

    private PlainSession()
    {
    }

    internal static int Run()
    {
        var session = new PlainSession();
        _ = Task.Run(session._engine.WarmUp);
        try
        {
            EventLoop.Run(session.RunAsync, ReplReports.OptionsOf(session._theme));
            return ExitCode.Success;
        }
        finally
        {
            session._interruption?.Dispose();
        }
    }

    private async Coroutine RunAsync()
    {
        var runner = new InputRunner(_engine, _theme);
        var commands = new ReplCommands(runner, _theme);
        _interruption = new Interruption(EventLoop.Current, () => Interrupt(runner), Console.Error.WriteLine);
        Console.Error.WriteLine(ReplCommands.Banner);
        while (await InputAsync() is { } input && !ReplCommands.IsQuit(input))
        {
            _wasInterrupted = false;
            await commands.RunInputAsync(input);
        }

        _interruption.Leave();
    }

    private async Coroutine<string?> InputAsync()
    {
        _typed = "";
        while (true)
        {
            Console.Error.Write(_typed.Length == 0 ? Prompt : "... ");
            if (await Task.Run(Console.In.ReadLine).OrCanceled() is not { } line)
            {
                return null;
            }

            var input = _typed + line;
            if (string.IsNullOrWhiteSpace(input) || ReplCommands.Is(input) || ScriptEngine.IsComplete(input))
            {
                return input;
            }

            _typed = input + "\n";
        }
    }

    /// <summary>
    /// The line that is being typed is the system's, which gives it up by itself; those before it are given up here. At an empty prompt
    /// the second Ctrl+C leaves.
    /// </summary>
    private void Interrupt(InputRunner runner)
    {
        if (runner.Current is { } current)
        {
            current.Cancel("Ctrl+C");
        }
        else if (_typed.Length > 0)
        {
            _typed = "";
            Console.Error.Write("\n" + Prompt);
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
