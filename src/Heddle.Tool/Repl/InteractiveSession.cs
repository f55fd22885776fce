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
    private int _unanswered;

    private InteractiveSession()
    {
        _screen = new Screen(Console.OpenStandardOutput(), SizeOfTerminal);
        _editor = new LineEditor(_screen, new History(History.PathOfUser()), new Language(_engine), _theme);
    }

    /// <summary>Whether a person sits at a terminal that can be drawn on.</summary>
    internal static bool IsPossible
        => !Console.IsInputRedirected && !Console.IsOutputRedirected && !OperatingSystem.IsWindows()
            && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Runs until the user leaves.</summary>
    internal static int Run()
    {
        var session = new InteractiveSession();
        using var mode = RawMode.TryEnter(() => session._screen.SendCode(NoBracketedPaste));
        _ = Task.Run(session._engine.WarmUp);
        var (output, error, input) = (Console.Out, Console.Error, Console.In);
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
        _editor.Interrupted = () => Interrupt(loop, runner);
        _editor.TasksAsked = () => loop.Post(commands.ShowTasks);
        using var resized = OperatingSystem.IsWindows()
            ? null
            : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _screen.Refresh());
        using var terminated = loop.OnSignal(PosixSignal.SIGTERM, _ => Environment.Exit(ExitCode.Terminated));
        using var interrupted = loop.OnSignal(PosixSignal.SIGINT, _ => runner.Current?.Cancel("interrupted"));
        Console.WriteLine(ReplCommands.Banner);
        StartKeyboard();
        while (await InputAsync(loop) is { } input && !ReplCommands.IsQuit(input))
        {
            await commands.RunInputAsync(input);
        }
    }

    private async Coroutine<string?> InputAsync(EventLoop loop)
    {
        var next = new CoroutineSource<string?>();
        _editor.Prompt(input => loop.Post(next.SetResult, input));
        return await next;
    }

    private void StartKeyboard()
    {
        // Not Console.OpenStandardInput, which would read by the line.
        var keyboard = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        new Thread(() => _editor.Run(keyboard)) { IsBackground = true, Name = "heddle keyboard" }.Start();
    }

    /// <summary>Ctrl+C while an input runs. On the keyboard's thread.</summary>
    private void Interrupt(EventLoop loop, InputRunner runner)
    {
        var count = Interlocked.Increment(ref _unanswered);
        if (count == 1)
        {
            loop.Post(() =>
            {
                Volatile.Write(ref _unanswered, 0);
                runner.Current?.Cancel("Ctrl+C");
            });
        }
        else if (count == 2)
        {
            Console.WriteLine(_theme.Warning("The input holds the loop, so it cannot be cancelled. Ctrl+C once more ends the session."));
        }
        else
        {
            Environment.Exit(ExitCode.Interrupted);
        }
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
