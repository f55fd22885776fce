using Heddle;

namespace WikiPath.MediaWiki;

/// <summary>
/// Reads what articles link to. The wiki stores links as written, to redirects and missing pages alike and without a
/// mark, so that the targets are looked up in a second step.
/// </summary>
sealed class ForwardLinks(WikiApi api, KnownTitles known, IReadOnlyList<string> articles) : ILinkReader
{
    readonly HashSet<string> _articles = articles.ToHashSet(StringComparer.Ordinal);
    readonly WikiQuery _links = WikiQuery.Of(articles, ("prop", "links"), ("plnamespace", "0"), ("pllimit", "max"));

    // Gives out the same rows as the query of the links, as the pages that they stand for.
    readonly WikiQuery _targets = WikiQuery.Of(
        articles, ("redirects", "1"), ("generator", "links"), ("gplnamespace", "0"), ("gpllimit", "max"));

    int _answersBehind;     // how many answers of links have no answer of targets

    public async Coroutine<LinkPortion> ReadAsync()
    {
        var links = new List<(string Article, string Title)>();
        // A page may be missing from one answer and come in a later one.
        await _links.ReadNextAsync(api, answer => links.AddRange(
            from page in answer.List("pages")
            let article = page.Text("title")
            where _articles.Contains(article)
            from link in page.List("links")
            select (article, link.Text("title"))));
        _answersBehind++;

        var unknown = links.Select(link => link.Title).Where(title => !known.IsKnown(title)).ToHashSet();
        var requests = 1 + await LookUpTargetsAsync(unknown) + await LookUpByNameAsync(unknown);
        var neighbours = links
            .Select(link => (link.Article, Target: known.ArticleOf(link.Title)))
            .Where(link => link.Target is not null)
            .GroupBy(link => link.Article, link => link.Target!)
            .ToDictionary(
                group => group.Key, IReadOnlySet<string> (group) => group.ToHashSet(StringComparer.Ordinal),
                StringComparer.Ordinal);
        return new LinkPortion(neighbours, requests, _links.IsOver);
    }

    // By name it takes a request for 50 titles; as targets of the same articles one for 500, those known among them.
    async Coroutine<int> LookUpTargetsAsync(HashSet<string> unknown)
    {
        var requests = 0;
        while (!_targets.IsOver && _answersBehind < (unknown.Count + WikiQuery.MostTitles - 1) / WikiQuery.MostTitles)
        {
            var map = new TitleMap();
            await _targets.ReadNextAsync(api, map.Read);
            _answersBehind--;
            requests++;
            foreach (var title in unknown.Where(title => map.Find(title) is not null).ToList())
            {
                known.Learn(title, map.Article(title));
                unknown.Remove(title);
            }
        }
        return requests;
    }

    async Coroutine<int> LookUpByNameAsync(HashSet<string> unknown)
    {
        var requests = 0;
        foreach (var batch in unknown.Chunk(WikiQuery.MostTitles))
        {
            var map = new TitleMap();
            requests += await WikiQuery.Of(batch, ("redirects", "1")).RunAsync(api, map.Read);
            foreach (var title in batch) known.Learn(title, map.Article(title));
        }
        return requests;
    }
}
