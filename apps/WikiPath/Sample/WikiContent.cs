namespace WikiPath.Sample;

/// <summary>A whole wiki in memory: articles with their links as written, redirects, and what links where.</summary>
public class WikiContent
{
    readonly Dictionary<string, WikiPage> _pages = new(StringComparer.Ordinal);
    readonly List<WikiPage> _byId = [];
    readonly Dictionary<string, List<WikiPage>> _linksHere = new(StringComparer.Ordinal);

    /// <summary>All pages, redirects too, in the order they were added.</summary>
    public IReadOnlyList<WikiPage> Pages => _byId;

    public WikiPage? Find(string title) => _pages.GetValueOrDefault(title);

    /// <summary>The pages that link to a title, which need not exist, in the order they were added.</summary>
    public virtual IReadOnlyList<WikiPage> LinksTo(string title) => _linksHere.GetValueOrDefault(title) ?? [];

    /// <summary>Adds an article; like MediaWiki it keeps each link once, sorted, and none to itself.</summary>
    public void AddArticle(string title, IEnumerable<string> links, bool isDisambiguation = false) =>
        Add(new WikiPage
        {
            Id = _byId.Count + 1,
            Title = title,
            Links = links.Where(link => link != title).Distinct().Order(StringComparer.Ordinal).ToArray(),
            IsDisambiguation = isDisambiguation,
        });

    public void AddRedirect(string title, string target) =>
        Add(new WikiPage { Id = _byId.Count + 1, Title = title, Links = [target], RedirectsTo = target });

    void Add(WikiPage page)
    {
        if (!_pages.TryAdd(page.Title, page))
        {
            throw new ArgumentException($"The wiki has '{page.Title}' already.", nameof(page));
        }
        _byId.Add(page);
        foreach (var link in page.Links)
        {
            if (!_linksHere.TryGetValue(link, out var pages)) _linksHere[link] = pages = [];
            pages.Add(page);
        }
    }
}
