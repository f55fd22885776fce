using System.Runtime.InteropServices;
using Heddle.Tool.Scripting;
using Heddle.Tool.Terminal;
using Microsoft.Win32.SafeHandles;

namespace Heddle.Tool.Repl;

/// <summary>A person at a terminal.</summary>
internal sealed class InteractiveSession
{
    private const string BracketedPaste = "\e[?2004h";
    private const string NoBracketedPaste = "\e[?2004l";

    private readonly Theme _theme = new(Theme.AreColorsWelcome);
    private readonly ScriptEngine _engine = new();
    private readonly Screen _screen;
    private readonly LineEditor _editor;
    private RawMode? _mode;
    private Interruption? _interruption;

    private InteractiveSession()
    {
        // Not Console.OpenStandardOutput, which would take the lock of Console.Out.
        _screen = new Screen(new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0), SizeOfTerminal());
        _editor = new LineEditor(_screen, new History(History.PathOfUser()), new Language(_engine), _theme);
    }

    /// <summary>Whether a person sits at a terminal that can be drawn on.</summary>
    internal static bool IsPossible
        => !Console.IsInputRedirected && !Console.IsOutputRedirected && !OperatingSystem.IsWindows()
            && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Runs until the user leaves.</summary>
    internal static int Run()
    {
        // Before the raw mode: when it makes its writer, .NET takes the terminal's mode for the one to go back to.
        var (output, error, input) = (Console.Out, Console.Error, Console.In);
        var session = new InteractiveSession();
        using var mode = RawMode.TryEnter(() => session._screen.SendCode(NoBracketedPaste));
        session._mode = mode;
        _ = Task.Run(session._engine.WarmUp);
        var writer = new ScreenWriter(session._screen);
        Console.SetOut(writer);
        Console.SetError(writer);
        Console.SetIn(new NoKeyboard());
        session._screen.SendCode(BracketedPaste);
        try
        {
            EventLoop.Run(session.RunAsync, ReplReports.OptionsOf(session._theme));
            return ExitCode.Success;
        }
        finally
        {
            session._interruption?.Dispose();
            Console.SetOut(output);
            Console.SetError(error);
            Console.SetIn(input);
        }
    }

    private async Coroutine RunAsync()
    {
        var loop = EventLoop.Current;
        var runner = new InputRunner(_engine, _theme);
        var commands = new ReplCommands(runner, _theme);
        _interruption = new Interruption(
            loop, () => runner.Current?.Cancel("Ctrl+C"), text => _screen.Write(_theme.Warning(text) + "\n"));
        _editor.Interrupted = _interruption.Ask;
        _editor.TasksAsked = () => loop.Post(commands.ShowTasks);
        using var resized = OperatingSystem.IsWindows()
            ? null
            : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _screen.Resize(SizeOfTerminal()));
        Console.WriteLine(ReplCommands.Banner);
        StartKeyboard();
        while (await InputAsync(loop) is { } input && !ReplCommands.IsQuit(input))
        {
            await commands.RunInputAsync(input);
        }

        _interruption.Leave();
    }

    private async Coroutine<string?> InputAsync(EventLoop loop)
    {
        _mode?.Renew();
        var next = new CoroutineSource<string?>();
        _editor.Prompt(input => loop.Post(next.SetResult, input));
        return await next;
    }

    private void StartKeyboard()
    {
        // Not Console.OpenStandardInput, which would read by the line.
        var keyboard = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        new Thread(() => _editor.Run(keyboard, () => _mode?.Renew())) { IsBackground = true, Name = "heddle keyboard" }.Start();
    }

    private static (int Width, int Height) SizeOfTerminal()
    {
        try
        {
            return (Console.WindowWidth is > 0 and var width ? width : 80, Console.WindowHeight is > 0 and var height ? height : 24);
        }
        catch (IOException)
        {
            return (80, 24);
        }
    }
}
