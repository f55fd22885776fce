using System.Globalization;
using Heddle;

namespace WikiPath.Cli;

/// <summary>One line that is written over and over while a person waits.</summary>
sealed class ProgressLine(CliHost host)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    readonly TimeSpan _begun = EventLoop.Current.Now;
    TimeSpan _shownAt = -Pause;
    bool _isShown;

    /// <summary>Shows how far it has come, ten times a second at the most.</summary>
    public void Show(SearchProgress progress, int requests)
    {
        var now = EventLoop.Current.Now;
        if (!host.ErrorIsTerminal || (_isShown && now - _shownAt < Pause)) return;
        _shownAt = now;
        var seconds = (now - _begun).TotalSeconds;
        var rate = seconds > 0 ? $", {Number((int)(requests / seconds))}/s" : "";
        Write($"{Requests(requests)}{rate}, {Count(progress.Pages, "page")}, "
            + $"{progress.ForwardDepth}+{progress.BackwardDepth} levels, {Count(progress.TitlesMet, "title")}");
    }

    /// <summary>Shows why nothing moves.</summary>
    public void ShowWait(string why)
    {
        if (!host.ErrorIsTerminal) return;
        _shownAt = EventLoop.Current.Now;
        Write(why);
    }

    /// <summary>Takes the line away, so that what follows begins on a clean one.</summary>
    public void Clear()
    {
        if (_isShown) host.Error.Write("\r\e[2K");
        _isShown = false;
    }

    public static string Describe(SearchProgress progress, int requests) =>
        $"{Requests(requests)}, {Count(progress.Pages, "page")} read, "
        + $"{Count(progress.TitlesMet, "title")} met, "
        + $"{Count(progress.ForwardDepth, "level")} from the start, {Count(progress.BackwardDepth, "level")} from the target";

    public static string Requests(int number) => Count(number, "request");

    // A line that wraps could not be taken away again. The last column stays free: some terminals wrap there.
    void Write(string text)
    {
        var room = Math.Max(host.Width() - 1, 0);
        host.Error.Write($"\r\e[2K{(text.Length <= room ? text : text[..room])}");
        _isShown = true;
    }

    static string Count(int number, string what) => $"{Number(number)} {what}{(number == 1 ? "" : "s")}";

    static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
