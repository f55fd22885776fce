using System.Text.RegularExpressions;

namespace WikiPath.Sample;

/// <summary>MediaWiki's rules for titles, as far as articles go.</summary>
static partial class PageTitle
{
    /// <summary>The title as a wiki spells it; null if no page can have it.</summary>
    public static string? Normalize(string text)
    {
        var title = Spaces().Replace(text.Split('#', 2)[0], " ").Trim();
        if (title.Length == 0 || title.IndexOfAny(['<', '>', '[', ']', '{', '}', '|']) >= 0) return null;
        return char.ToUpperInvariant(title[0]) + title[1..];
    }

    [GeneratedRegex("[ _]+")]
    private static partial Regex Spaces();
}
