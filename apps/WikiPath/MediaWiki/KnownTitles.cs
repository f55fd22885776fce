using WikiPath.Search;

namespace WikiPath.MediaWiki;

/// <summary>What titles stand for, as far as it was looked up: an article, or none. Kept as numbers, for millions.</summary>
sealed class KnownTitles
{
    const int NotLookedUp = 0;
    const int NoArticle = 1;
    const int First = 2;        // an article's number in the table plus this
    readonly TitleTable _titles = new();
    readonly Chunks<int> _articles = new();

    public bool IsKnown(string title) => _articles[Number(title)] != NotLookedUp;

    /// <summary>The article; null for none.</summary>
    public string? ArticleOf(string title) =>
        _articles[Number(title)] is >= First and var article ? _titles[article - First] : null;

    public void Learn(string title, string? article)
    {
        var number = Number(title);
        _articles[number] = article is null ? NoArticle : Number(article) + First;
    }

    int Number(string title)
    {
        var number = _titles.IdOf(title);
        if (number == _articles.Count) _articles.Add(NotLookedUp);
        return number;
    }
}
