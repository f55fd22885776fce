using WikiPath.MediaWiki;

namespace WikiPath.MediaWiki.Tests;

/// <summary>The MediaWiki that eng/mediawiki/ci-stage.sh starts and fills with FOLDOC.</summary>
static class RealWiki
{
    static readonly HttpClient Http = WikiHttp.CreateClient(WikiHttp.CreateHandler(4), null);
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
        var api = new WikiApi(Http, address, new RetryPolicy());
        articles = new ArticleFinder(api);
        return new WikiLinkSource(api);
    }

    static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
