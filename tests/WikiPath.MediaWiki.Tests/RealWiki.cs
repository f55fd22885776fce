using System.Text.Json;
using WikiPath.Cli;
using WikiPath.MediaWiki;

namespace WikiPath.MediaWiki.Tests;

/// <summary>The MediaWiki that eng/mediawiki/ci-stage.sh starts and fills with FOLDOC.</summary>
static class RealWiki
{
    static readonly Lazy<FoldocGraph> LoadedGraph = new(() => new FoldocGraph(Setting("WIKIPATH_GRAPH")!));

    /// <summary>
    /// The graph to compare with. Without a wiki the test is skipped; the stage sets the wiki, up or not.
    /// </summary>
    public static FoldocGraph RequireGraph()
    {
        Assert.SkipWhen(
            Setting("WIKIPATH_MEDIAWIKI") is null, "This needs a MediaWiki: run eng/mediawiki/ci-stage.sh.");
        return LoadedGraph.Value;
    }

    public static string Api => Setting("WIKIPATH_MEDIAWIKI")!;

    public static WikiLinkSource OpenLinks(out ArticleFinder articles)
    {
        Assert.True(WikiAddress.TryParse(Api, out var address));
        var api = new WikiApi(WikiHttp.CreateClient(null, 4), address, new RetryPolicy());
        articles = new ArticleFinder(api);
        return new WikiLinkSource(api);
    }

    /// <summary>Runs the program, which must find what it prints as JSON.</summary>
    /// <param name="messages">Gets what a person sees meanwhile; null for none.</param>
    public static (int? Distance, string PathCount) Run(RetryPolicy retries, string[] args, TextWriter? messages = null)
    {
        using var output = new StringWriter();
        var host = new CliHost
        {
            Out = output,
            Error = messages ?? new StringWriter(),
            ErrorIsTerminal = messages is not null,
            Retries = retries,
        };
        var exitCode = CliProgram.Run([.. args, "--wiki", Api, "--json"], host);
        Assert.True(exitCode is ExitCode.Found or ExitCode.NoPath, $"Exit code {exitCode}: {host.Error}");
        using var json = JsonDocument.Parse(output.ToString());
        var distance = json.RootElement.GetProperty("distance");
        return (distance.ValueKind == JsonValueKind.Null ? null : distance.GetInt32(),
            json.RootElement.GetProperty("pathCount").GetRawText());
    }

    /// <summary>Makes the wiki misbehave, for as long as what it returns is not disposed.</summary>
    public static IDisposable Misbehave(string kind, int percent)
    {
        var file = Setting("WIKIPATH_FAULTS")!;
        File.WriteAllText(
            file, $$"""{"percent":{{percent}},"kind":"{{kind}}","retry_after":1,"seconds":3}""");
        return new Misbehaviour(file);
    }

    sealed class Misbehaviour(string file) : IDisposable
    {
        public void Dispose() => File.Delete(file);
    }

    static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
