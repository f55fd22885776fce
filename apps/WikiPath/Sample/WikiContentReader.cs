using System.Text.RegularExpressions;

namespace WikiPath.Sample;

/// <summary>Reads a wiki from text in a little of MediaWiki's notation; wiki.txt says which.</summary>
public static partial class WikiContentReader
{
    /// <summary>The wiki that the program carries in itself.</summary>
    public static WikiContent ReadSample()
    {
        using var stream = typeof(WikiContentReader).Assembly.GetManifestResourceStream("WikiPath.Sample.wiki.txt")!;
        using var reader = new StreamReader(stream);
        return Read(reader.ReadToEnd());
    }

    public static WikiContent Read(string text)
    {
        var wiki = new WikiContent();
        var headings = Heading().Matches(text);
        for (var i = 0; i < headings.Count; i++)
        {
            var start = headings[i].Index + headings[i].Length;
            var end = i + 1 < headings.Count ? headings[i + 1].Index : text.Length;
            AddPage(wiki, Title(headings[i].Groups[1].Value), text[start..end]);
        }
        return wiki;
    }

    static void AddPage(WikiContent wiki, string title, string body)
    {
        var links = Link().Matches(body).Select(link => Title(link.Groups[1].Value));
        if (body.StartsWith("#REDIRECT", StringComparison.Ordinal)) wiki.AddRedirect(title, links.First());
        else wiki.AddArticle(title, links, body.StartsWith("{{disambiguation}}", StringComparison.Ordinal));
    }

    static string Title(string text) =>
        PageTitle.Normalize(text) ?? throw new FormatException($"'{text}' is no title.");

    [GeneratedRegex(@"^== (.+) ==\r?\n", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[\[([^\]|]+)")]
    private static partial Regex Link();
}
