using Heddle;

namespace WikiPath.MediaWiki;

/// <summary>
/// Reads what articles link to. The wiki stores links as written, to redirects and missing pages alike and without a
/// mark, so that the targets are looked up in a second step.
/// </summary>
sealed class ForwardLinks(WikiApi api)
{
    // What titles stand for, as far as it is known: an article, or null for none.
    readonly Dictionary<string, string?> _articles = new(StringComparer.Ordinal);

    public async Coroutine<IReadOnlyDictionary<string, IReadOnlySet<string>>> ReadAsync(IReadOnlyList<string> articles)
    {
        var links = articles.ToDictionary(article => article, _ => new List<string>(), StringComparer.Ordinal);
        var query = WikiQuery.Of(articles, ("prop", "links"), ("plnamespace", "0"), ("pllimit", "max"));
        var requests = await query.RunAsync(api, answer =>
        {
            // A page may be missing from one answer and come in a later one.
            foreach (var page in answer.List("pages"))
            {
                if (!links.TryGetValue(page.Text("title"), out var targets)) continue;
                targets.AddRange(page.List("links").Select(link => link.Text("title")));
            }
        });

        var unknown = links.Values.SelectMany(targets => targets)
            .Where(title => !_articles.ContainsKey(title)).Distinct().ToList();
        if (unknown.Count > 0) await LookUpAsync(articles, unknown, requests);
        return links.ToDictionary(
            page => page.Key,
            IReadOnlySet<string> (page) =>
                page.Value.Select(title => _articles[title]).OfType<string>().ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    // By name it takes a request for 50 titles; as targets of the same articles one for 500, those known among them.
    async Coroutine LookUpAsync(IReadOnlyList<string> articles, List<string> unknown, int requests)
    {
        var map = new TitleMap();
        var batches = unknown.Chunk(WikiQuery.MostTitles).ToList();
        if (batches.Count <= requests)
        {
            foreach (var batch in batches) await WikiQuery.Of(batch, ("redirects", "1")).RunAsync(api, map.Read);
        }
        else
        {
            var query = WikiQuery.Of(
                articles, ("redirects", "1"), ("generator", "links"), ("gplnamespace", "0"), ("gpllimit", "max"));
            await query.RunAsync(api, map.Read);
        }
        foreach (var title in unknown) _articles[title] = map.Article(title);
    }
}
