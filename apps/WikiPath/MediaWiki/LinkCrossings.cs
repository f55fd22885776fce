using Heddle;

namespace WikiPath.MediaWiki;

/// <summary>
/// Asks the sources whether they link to given targets, by any of their names. So the links of a page that half the
/// wiki links to need not be read.
/// </summary>
sealed class LinkCrossings(WikiApi api)
{
    readonly Dictionary<string, IReadOnlyList<string>> _namesOf = new(StringComparer.Ordinal);

    public async Coroutine<Crossings> ReadAsync(IReadOnlyList<string> sources, IReadOnlyList<string> targets)
    {
        var requests = await FindNamesAsync(targets.Where(target => !_namesOf.ContainsKey(target)).ToList());
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var target in targets)
        {
            foreach (var name in _namesOf[target]) owners[name] = target;
        }
        var links = new HashSet<(string, string)>();
        foreach (var names in owners.Keys.Chunk(WikiQuery.MostTitles))
        {
            var query = WikiQuery.Of(
                sources,
                ("prop", "links"), ("plnamespace", "0"), ("pllimit", "max"), ("pltitles", WikiQuery.Join(names)));
            requests += await query.RunAsync(api, answer => links.UnionWith(
                from page in answer.List("pages")
                from link in page.List("links")
                let target = owners.GetValueOrDefault(link.Text("title"))
                where target is not null
                select (page.Text("title"), target)));
        }
        return new Crossings(links, requests);
    }

    // Redirects may lead to redirects.
    async Coroutine<int> FindNamesAsync(List<string> targets)
    {
        var requests = 0;
        var owners = targets.ToDictionary(target => target, target => target, StringComparer.Ordinal);
        for (var names = targets; names.Count > 0;)
        {
            var found = new List<string>();
            foreach (var batch in names.Chunk(WikiQuery.MostTitles))
            {
                var query = WikiQuery.Of(
                    batch, ("prop", "redirects"), ("rdprop", "title"), ("rdnamespace", "0"), ("rdlimit", "max"));
                requests += await query.RunAsync(api, answer =>
                {
                    foreach (var page in answer.List("pages"))
                    {
                        if (!owners.TryGetValue(page.Text("title"), out var owner)) continue;
                        found.AddRange(page.List("redirects").Select(redirect => redirect.Text("title"))
                            .Where(name => owners.TryAdd(name, owner)));
                    }
                });
            }
            names = found;
        }
        foreach (var names in owners.GroupBy(name => name.Value, name => name.Key)) _namesOf[names.Key] = [.. names];
        return requests;
    }
}
