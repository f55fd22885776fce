using WikiPath.Sample;

namespace WikiPath.Tests;

/// <summary>
/// A wiki of chance with everything a real one has: redirects, double and circular ones, red and self links.
/// </summary>
sealed class RandomWiki
{
    readonly Dictionary<string, List<string>> _links = [];
    readonly Dictionary<string, string> _redirects = [];

    public RandomWiki(Random random, int mostArticles)
    {
        var articles = Enumerable.Range(1, random.Next(2, mostArticles + 1)).Select(i => $"A{i}").ToArray();
        var redirects = Enumerable.Range(1, random.Next(0, articles.Length)).Select(i => $"R{i}").ToArray();
        var missing = Enumerable.Range(1, random.Next(0, articles.Length)).Select(i => $"M{i}").ToArray();
        string[] all = [.. articles, .. redirects, .. missing];
        foreach (var redirect in redirects)
        {
            // Most lead to an article, as in life; the rest to other redirects, in circles, or nowhere.
            _redirects[redirect] = random.Next(4) > 0 ? random.GetItems(articles, 1)[0] : random.GetItems(all, 1)[0];
        }
        var density = random.NextDouble() * 3.5;
        foreach (var article in articles)
        {
            _links[article] = [.. random.GetItems(all, (int)(density * 2 * random.NextDouble()))];
        }

        foreach (var article in articles) Content.AddArticle(article, _links[article]);
        foreach (var (redirect, target) in _redirects) Content.AddRedirect(redirect, target);
        From = random.GetItems(articles, 1)[0];
        To = random.GetItems(articles, 1)[0];
    }

    public WikiContent Content { get; } = new();

    public string From { get; }

    public string To { get; }

    public IEnumerable<string> Articles => _links.Keys;

    /// <summary>The articles that an article links to, found in another way than the program's.</summary>
    public IEnumerable<string> LinksOf(string article) => _links[article].Select(Resolve).OfType<string>().Distinct();

    public IEnumerable<string> LinksTo(string article) => _links.Keys.Where(other => LinksOf(other).Contains(article));

    string? Resolve(string title)
    {
        for (var steps = 0; _redirects.TryGetValue(title, out var target); title = target)
        {
            if (++steps > _redirects.Count) return null;
        }
        return _links.ContainsKey(title) ? title : null;
    }
}
