using System.Diagnostics;

namespace Heddle.Tool.Tests;

/// <summary>A real terminal, driven by tmux: keys go in, and what the screen shows comes out.</summary>
internal sealed class TerminalSession : IAsyncDisposable
{
    private static int s_count;

    private readonly string _server = $"heddle-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
    private readonly string _tmux;
    private readonly bool _ownsHome;

    private TerminalSession(string tmux, string? home)
    {
        _tmux = tmux;
        _ownsHome = home is null;
        Home = home ?? Directory.CreateTempSubdirectory("heddle-repl-").FullName;
    }

    /// <summary>Where the program keeps its history, and the folder that it runs in.</summary>
    public string Home { get; }

    /// <summary>Starts the REPL and waits for its prompt.</summary>
    /// <param name="home">That of an earlier session, to be the same user.</param>
    public static async Task<TerminalSession> StartAsync(string? home = null, string term = "screen-256color")
    {
        var session = new TerminalSession(Peer.Require("tmux", "The prompt needs a terminal"), home);
        await session.TmuxAsync(
            "-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "50", "-c", session.Home,
            $"env XDG_STATE_HOME='{session.Home}' TERM={term} NO_COLOR= {ShortLived.Variable}={ShortLived.Value} dotnet '{Tool.Path}' repl; echo \"left with $?\"; exec cat");
        await session.SeeAsync(">>>");
        return session;
    }

    /// <summary>Makes the screen as it is at the start: a prompt and nothing else, what has scrolled away too.</summary>
    public async Task ClearAsync()
    {
        await PressAsync("C-e", "C-u", "C-l");

        // What is cleared scrolls away first, so a screen that shows nothing more has its past complete.
        await WaitAsync(() => CaptureAsync(), screen => screen == ">>>", "a prompt alone");
        await TmuxAsync("clear-history");
    }

    /// <summary>Types the text, as it is.</summary>
    public Task TypeAsync(string text) => TmuxAsync("send-keys", "-l", "--", Argument(text));

    /// <summary>Presses keys by tmux's names: Enter, Tab, Up, C-c, M-Enter.</summary>
    public Task PressAsync(params string[] keys) => TmuxAsync(["send-keys", .. keys]);

    /// <summary>Sends bytes, given in hexadecimal, as a terminal would.</summary>
    public Task SendBytesAsync(string bytes) => TmuxAsync(["send-keys", "-H", .. bytes.Split(' ')]);

    public Task ResizeAsync(int width) => TmuxAsync("resize-window", "-x", $"{width}");

    public async Task<int> CursorColumnAsync() => int.Parse(await TmuxAsync("display-message", "-p", "#{cursor_x}"));

    /// <summary>Types an input and ends it.</summary>
    public async Task EnterAsync(string input)
    {
        await TypeAsync(input);
        await PressAsync("Enter");
    }

    /// <summary>Types an input, and waits for the next prompt below what it shows.</summary>
    public async Task EnterAndSeeAsync(string input, string expected)
    {
        await EnterAsync(input);
        await SeeAsync(expected);
        await WaitAsync(screen => screen.TrimEnd().EndsWith(">>>", StringComparison.Ordinal), "an empty prompt at the end");
    }

    /// <summary>Waits until the screen shows the text.</summary>
    public Task<string> SeeAsync(string text) => WaitAsync(screen => screen.Contains(text, StringComparison.Ordinal), $"'{text}'");

    /// <summary>Waits until the screen is as it should be.</summary>
    public Task<string> WaitAsync(Func<string, bool> isRight, string what) => WaitAsync(() => ScreenAsync(), isRight, what);

    /// <summary>What the screen shows, the scrolled lines too; with the codes of its colours if asked for.</summary>
    public Task<string> ScreenAsync(bool withColors = false) => CaptureAsync(withColors ? ["-S", "-200", "-e"] : ["-S", "-200"]);

    public async ValueTask DisposeAsync()
    {
        await TmuxAsync("kill-server");
        if (_ownsHome)
        {
            Directory.Delete(Home, recursive: true);
        }
    }

    private static async Task<string> WaitAsync(Func<Task<string>> capture, Func<string, bool> isRight, string what)
    {
        for (var attempt = 0; ; attempt++)
        {
            var screen = await capture();
            if (isRight(screen))
            {
                return screen;
            }

            Assert.True(attempt < 1200, $"The screen does not show {what}:\n{screen}");

            // Another process draws the screen, and says to nobody when it has.
            await Task.Delay(50);
        }
    }

    private async Task<string> CaptureAsync(params string[] what) => (await TmuxAsync(["capture-pane", "-p", .. what])).TrimEnd();

    /// <summary>A semicolon at its end would end the command.</summary>
    private static string Argument(string text) => text.EndsWith(';') ? text[..^1] + "\\;" : text;

    private async Task<string> TmuxAsync(params string[] arguments)
    {
        using var tmux = Process.Start(new ProcessStartInfo(_tmux, ["-L", _server, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = tmux.StandardError.ReadToEndAsync();
        var output = await tmux.StandardOutput.ReadToEndAsync();
        await tmux.WaitForExitAsync();
        Assert.True(tmux.ExitCode == 0, $"tmux {string.Join(' ', arguments)}: {await error}");
        return output;
    }
}
