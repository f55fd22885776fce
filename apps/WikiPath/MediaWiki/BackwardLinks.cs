using Heddle;

namespace WikiPath.MediaWiki;

/// <summary>
/// Reads what links to articles, also by way of redirects: what links to a redirect counts as linking to its target.
/// </summary>
sealed class BackwardLinks(WikiApi api)
{
    public async Coroutine<IReadOnlyDictionary<string, IReadOnlySet<string>>> ReadAsync(IReadOnlyList<string> articles)
    {
        var sources = articles.ToDictionary(
            article => article,
            IReadOnlySet<string> (_) => new HashSet<string>(StringComparer.Ordinal),
            StringComparer.Ordinal);
        // Each name of an article, to begin with its own, leads to the article.
        var owners = articles.ToDictionary(article => article, article => article, StringComparer.Ordinal);
        var names = new Queue<string>(articles);
        while (names.Count > 0)
        {
            var batch = new List<string>();
            while (batch.Count < WikiQuery.MostTitles && names.TryDequeue(out var name)) batch.Add(name);
            var query = WikiQuery.Of(
                batch,
                ("prop", "linkshere|redirects"),
                ("lhprop", "title"), ("lhnamespace", "0"), ("lhshow", "!redirect"), ("lhlimit", "max"),
                ("rdprop", "title"), ("rdnamespace", "0"), ("rdlimit", "max"));
            await query.RunAsync(api, answer =>
            {
                foreach (var page in answer.List("pages"))
                {
                    if (!owners.TryGetValue(page.Text("title"), out var owner)) continue;
                    var found = (HashSet<string>)sources[owner];
                    foreach (var source in page.List("linkshere")) found.Add(source.Text("title"));
                    foreach (var redirect in page.List("redirects").Select(redirect => redirect.Text("title")))
                    {
                        if (owners.TryAdd(redirect, owner)) names.Enqueue(redirect);
                    }
                }
            });
        }
        return sources;
    }
}
