using Heddle;
using WikiPath.MediaWiki;
using WikiPath.Sample;

namespace WikiPath.Cli;

/// <summary>The program: from arguments to an exit code.</summary>
public static class CliProgram
{
    const int Concurrency = 4;

    /// <summary>Runs to the end on a loop of its own; Ctrl+C cancels the search.</summary>
    public static int Run(IReadOnlyList<string> args, CliHost host)
    {
        try
        {
            return EventLoop.Run(RunAsync(args, host));
        }
        catch (LoopInterruptedException)
        {
            return ExitCode.Interrupted;
        }
    }

    /// <summary>Runs on the current loop. A cancellation passes through, after a word on how far the search came.</summary>
    public static async Coroutine<int> RunAsync(IReadOnlyList<string> args, CliHost host)
    {
        if (new CliParser().Parse(args, host, out var exitCode) is not { } options) return exitCode;
        using var http = WikiHttp.CreateClient(Handler(options.Wiki, host), host.Contact);
        var api = new WikiApi(http, options.Wiki, host.Retries);
        try
        {
            return await FindAsync(options, api, host);
        }
        catch (WikiException failure)
        {
            host.Error.WriteLine($"wikipath: {failure.Message}");
            return ExitCode.WikiFailed;
        }
    }

    static async Coroutine<int> FindAsync(CliOptions options, WikiApi api, CliHost host)
    {
        var begun = EventLoop.Current.Now;
        var articles = new ArticleFinder(api);
        var ends = await articles.FindAsync(options.From, options.To);
        if (!await EndsAreUsableAsync(ends, articles, host)) return ExitCode.WrongInput;

        var line = new ProgressLine(host);
        var finder = new PathFinder(new WikiLinkSource(api), ends[0].Title, ends[1].Title)
        {
            Concurrency = Concurrency,
            OnProgress = progress => line.Show(progress, api.Requests),
        };
        var found = false;
        try
        {
            var paths = await finder.FindAsync();
            found = true;
            line.Clear();
            var elapsed = EventLoop.Current.Now - begun;
            AnswerWriter.Write(
                new Answer(ends[0].Title, ends[1].Title, options.Wiki.Name, paths, api.Requests, finder.Pages, elapsed),
                options.Json, host);
            return paths is null ? ExitCode.NoPath : ExitCode.Found;
        }
        finally
        {
            line.Clear();
            if (!found) host.Error.WriteLine($"wikipath: stopped after {ProgressLine.Describe(finder.Progress, api.Requests)}.");
        }
    }

    static async Coroutine<bool> EndsAreUsableAsync(IReadOnlyList<ArticleLookup> ends, ArticleFinder articles, CliHost host)
    {
        foreach (var end in ends.Where(end => end.IsDisambiguation))
        {
            host.Error.WriteLine($"wikipath: '{end.Title}' is a disambiguation page; a path may run through any of its meanings.");
        }
        var wrong = ends.Where(end => end.Problem is not null).DistinctBy(end => end.Title).ToList();
        foreach (var end in wrong)
        {
            host.Error.WriteLine($"wikipath: '{end.Title}' {end.Problem}.");
            var near = await articles.SuggestAsync(end.Title);
            if (near.Count > 0) host.Error.WriteLine($"  Near to it: {string.Join("; ", near)}");
        }
        return wrong.Count == 0;
    }

    static HttpMessageHandler Handler(WikiAddress wiki, CliHost host) =>
        wiki.IsSample ? new InMemoryWikiHandler(WikiContentReader.ReadSample())
        : host.Network ?? WikiHttp.CreateHandler(Concurrency);
}
