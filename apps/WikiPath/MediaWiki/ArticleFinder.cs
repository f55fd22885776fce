using Heddle;

namespace WikiPath.MediaWiki;

/// <summary>Finds the articles that a user's words mean.</summary>
public sealed class ArticleFinder(WikiApi api)
{
    /// <summary>Looks titles up as typed: spelling and redirects are the wiki's business.</summary>
    public async Coroutine<IReadOnlyList<ArticleLookup>> FindAsync(params string[] titles)
    {
        var clean = Array.ConvertAll(titles, title => title.Trim());
        var map = new TitleMap();
        var asked = clean.Where(title => title.Length > 0 && !title.Any(char.IsControl)).Distinct().ToList();
        if (asked.Count > 0)
        {
            var query = WikiQuery.Of(
                asked, ("redirects", "1"), ("converttitles", "1"), ("prop", "pageprops"), ("ppprop", "disambiguation"));
            await query.RunAsync(api, map.Read);
        }
        return Array.ConvertAll(clean, title => LookUp(map, title));
    }

    /// <summary>Titles near to one that does not exist, the nearest first.</summary>
    public async Coroutine<IReadOnlyList<string>> SuggestAsync(string title)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var text = new string([.. title.Trim().Where(letter => !char.IsControl(letter))]);
        // Where the first letters are right, a shorter beginning finds what a typing error hides.
        foreach (var length in new[] { text.Length, (text.Length + 1) / 2, 2 }.Distinct())
        {
            if (length == 0 || length > text.Length || found.Count > 0) break;
            var query = new WikiQuery(("list", "prefixsearch"), ("pssearch", text[..length]), ("pslimit", "50"));
            await query.ReadNextAsync(
                api, answer => found.UnionWith(answer.List("prefixsearch").Select(page => page.Text("title"))));
        }
        return found
            .Select(other => (Title: other, Distance: EditDistance.Between(text, other)))
            .Where(other => other.Distance * 3 <= text.Length
                || other.Title.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            .OrderBy(other => other.Distance).ThenBy(other => other.Title, StringComparer.Ordinal)
            .Select(other => other.Title).Take(5).ToList();
    }

    static ArticleLookup LookUp(TitleMap map, string title)
    {
        if (title.Length == 0) return new ArticleLookup(title, "is empty", false);
        if (title.Any(char.IsControl)) return new ArticleLookup(title, "is no title: it holds a control character", false);
        var facts = map.Find(title) ?? new PageFacts(0, "leads in a circle of redirects, or to another wiki", false);
        var problem = facts.Problem ?? (facts.Namespace == 0 ? null : "is no article: it is in another namespace");
        return new ArticleLookup(map.Follow(title), problem, facts.IsDisambiguation);
    }
}

/// <summary>An article's resolved title; <see cref="Problem"/> says why there is none.</summary>
public sealed record ArticleLookup(string Title, string? Problem, bool IsDisambiguation);
