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
        $"{(requests == 1 ? "1 request" : $"{requests} requests")}, {progress.Pages:N0} pages read, "
        + $"{progress.TitlesMet:N0} titles met, "
        + $"{Levels(progress.ForwardDepth)} from the start, {Levels(progress.BackwardDepth)} from the target";

    static string Levels(int depth) => depth == 1 ? "1 level" : $"{depth} levels";
}
