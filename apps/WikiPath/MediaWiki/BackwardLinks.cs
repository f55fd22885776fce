using Heddle;

namespace WikiPath.MediaWiki;

/// <summary>
/// Reads what links to articles, also by way of redirects: what links to a redirect counts as linking to its target.
/// </summary>
sealed class BackwardLinks : ILinkReader
{
    readonly WikiApi _api;
    readonly Queue<string> _names;
    readonly Dictionary<string, string> _owners;    // each name of an article, to begin with its own, leads to it
    WikiQuery? _query;

    public BackwardLinks(WikiApi api, IReadOnlyList<string> articles)
    {
        _api = api;
        _names = new Queue<string>(articles);
        _owners = articles.ToDictionary(article => article, article => article, StringComparer.Ordinal);
    }

    public async Coroutine<LinkPortion> ReadAsync()
    {
        var sources = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        if (_query is null or { IsOver: true }) _query = NextQuery();
        await _query.ReadNextAsync(_api, answer =>
        {
            foreach (var page in answer.List("pages"))
            {
                if (!_owners.TryGetValue(page.Text("title"), out var owner)) continue;
                if (!sources.TryGetValue(owner, out var found)) sources[owner] = found = new HashSet<string>();
                foreach (var source in page.List("linkshere")) ((HashSet<string>)found).Add(source.Text("title"));
                foreach (var redirect in page.List("redirects").Select(redirect => redirect.Text("title")))
                {
                    if (_owners.TryAdd(redirect, owner)) _names.Enqueue(redirect);
                }
            }
        });
        return new LinkPortion(sources, 1, _query.IsOver && _names.Count == 0);
    }

    WikiQuery NextQuery()
    {
        var batch = new List<string>();
        while (batch.Count < WikiQuery.MostTitles && _names.TryDequeue(out var name)) batch.Add(name);
        return WikiQuery.Of(
            batch,
            ("prop", "linkshere|redirects"),
            ("lhprop", "title"), ("lhnamespace", "0"), ("lhshow", "!redirect"), ("lhlimit", "max"),
            ("rdprop", "title"), ("rdnamespace", "0"), ("rdlimit", "max"));
    }
}
