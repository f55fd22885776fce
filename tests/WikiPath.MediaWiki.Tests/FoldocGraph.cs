using System.Text.Json;

namespace WikiPath.MediaWiki.Tests;

/// <summary>
/// The graph that the converter wrote beside the export, redirects resolved and missing pages dropped.
/// </summary>
sealed class FoldocGraph
{
    readonly Dictionary<string, string[]> _links;

    public FoldocGraph(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var root = json.RootElement;
        Articles = root.GetProperty("pages").EnumerateArray().Select(title => title.GetString()!).ToArray();
        var articles = Articles.ToHashSet();
        var redirects = root.GetProperty("redirects").EnumerateObject()
            .ToDictionary(redirect => redirect.Name, redirect => redirect.Value.GetString()!);
        _links = root.GetProperty("links").EnumerateObject().ToDictionary(
            article => article.Name,
            article => article.Value.EnumerateArray()
                .Select(title => title.GetString()!)
                .Select(title => redirects.GetValueOrDefault(title, title))
                .Where(title => title != article.Name && articles.Contains(title))
                .Distinct().ToArray());
    }

    public IReadOnlyList<string> Articles { get; }

    public IReadOnlyList<string> LinksOf(string article) => _links.GetValueOrDefault(article, []);

    public IEnumerable<string> LinksTo(string article) =>
        _links.Where(other => other.Value.Contains(article)).Select(other => other.Key);
}
