namespace WikiPath.Cli;

/// <summary>One line that is written over and over while a person waits.</summary>
sealed class ProgressLine(CliHost host)
{
    bool _shown;

    public void Show(SearchProgress progress, int requests)
    {
        if (!host.ErrorIsTerminal) return;
        Clear();
        host.Error.Write(Describe(progress, requests));
        _shown = true;
    }

    /// <summary>Takes the line away, so that what follows begins on a clean one.</summary>
    public void Clear()
    {
        if (_shown) host.Error.Write("\r\e[2K");
        _shown = false;
    }

    public static string Describe(SearchProgress progress, int requests) =>
        $"{Count(requests, "request")}, {Count(progress.Pages, "page")} read, "
        + $"{Count(progress.TitlesMet, "title")} met, "
        + $"{Count(progress.ForwardDepth, "level")} from the start, {Count(progress.BackwardDepth, "level")} from the target";

    static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number:N0} {what}s";
}
