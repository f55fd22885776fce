// FOLDOC (Debian's dict-foldoc) as a MediaWiki export and as a plain graph:
//
//   dotnet run foldoc.cs FOLDER-OF-FOLDOC OUT.xml OUT.json
//
// An entry with several headwords becomes a page and redirects to it; {term} becomes [[term]]. The graph holds
// "pages", "redirects" and "links" as MediaWiki will store them: links may name redirects and missing pages.
#:property PublishAot=false

using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;

var entries = Dictionary.Read(args[0]);
var pages = new Dictionary<string, string>();
var redirects = new Dictionary<string, string>();
foreach (var (headwords, text) in entries)
{
    var titles = headwords.Select(Title.From).Where(title => title.Length > 0).ToList();
    if (titles.Count == 0) continue;
    pages[titles[0]] = pages.TryGetValue(titles[0], out var earlier) ? $"{earlier}\n\n----\n\n{text}" : text;
    foreach (var title in titles.Skip(1)) redirects.TryAdd(title, titles[0]);
}
foreach (var title in pages.Keys) redirects.Remove(title);

// FOLDOC's own look-up ignores case, MediaWiki's does not.
var spelling = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
foreach (var title in pages.Keys.Concat(redirects.Keys)) spelling.TryAdd(title, title);

var links = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
using (var xml = XmlWriter.Create(args[1], new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
{
    xml.WriteStartElement("mediawiki", "http://www.mediawiki.org/xml/export-0.11/");
    xml.WriteAttributeString("version", "0.11");
    var id = 100;
    foreach (var (title, text) in pages)
    {
        Export.Page(xml, ++id, title, Wikitext.From(text, target => Link(title, target)));
    }
    foreach (var (title, target) in redirects) Export.Page(xml, ++id, title, $"#REDIRECT [[{target}]]");
    xml.WriteEndElement();
}
var options = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
File.WriteAllText(args[2], JsonSerializer.Serialize(new { pages = pages.Keys, redirects, links }, options));
Console.WriteLine($"{pages.Count} pages, {redirects.Count} redirects, {links.Sum(link => link.Value.Count)} links");

string Link(string from, string name)
{
    var target = Title.From(name);
    target = spelling.GetValueOrDefault(target, target);
    if (target.Length == 0 || target == from) return target;   // MediaWiki stores no link of a page to itself
    if (!links.TryGetValue(from, out var targets))
    {
        links[from] = targets = new SortedSet<string>(StringComparer.Ordinal);
    }
    targets.Add(target);
    return target;
}

static class Dictionary
{
    const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    // The index has "headword TAB offset TAB length", numbers in base 64; headwords of one offset are synonyms.
    public static IEnumerable<(List<string> Headwords, string Text)> Read(string folder)
    {
        using var unzipped = new MemoryStream();
        using (var file = File.OpenRead(Path.Combine(folder, "foldoc.dict.dz")))
        using (var zipped = new GZipStream(file, CompressionMode.Decompress))
        {
            zipped.CopyTo(unzipped);
        }
        var synonyms = new SortedDictionary<(int Offset, int Length), int>();
        foreach (var line in File.ReadLines(Path.Combine(folder, "foldoc.index")))
        {
            var fields = line.Split('\t');
            if (fields[0].StartsWith("00-database", StringComparison.Ordinal)) continue;
            var place = (Number(fields[1]), Number(fields[2]));
            synonyms[place] = synonyms.GetValueOrDefault(place) + 1;
        }
        foreach (var ((offset, length), count) in synonyms)
        {
            var lines = Encoding.UTF8.GetString(unzipped.GetBuffer(), offset, length).Split('\n');
            var head = lines.TakeWhile(line => line.Trim().Length > 0).Select(line => line.Trim()).ToList();
            if (head.Count == 0) continue;
            // One headword may be wrapped over several lines.
            var text = string.Join('\n', lines.Skip(head.Count)).Trim('\n');
            yield return (count == 1 ? [string.Join(' ', head)] : head, text);
        }
    }

    static int Number(string digits) => digits.Aggregate(0, (value, digit) => value * 64 + Digits.IndexOf(digit));
}

static partial class Title
{
    // What MediaWiki takes as a title, or "". Characters it forbids are replaced by ones that look like them.
    public static string From(string name)
    {
        var title = name.Replace('_', ' ').Replace('#', '♯').Replace('<', '‹').Replace('>', '›')
            .Replace('[', '(').Replace(']', ')').Replace('{', '(').Replace('}', ')').Replace('|', '¦');
        title = Spaces().Replace(title, " ").Trim(' ', ':');
        title = PercentCode().Replace(title, "％$1");
        title = Entity().Replace(title, "& ");
        title = Signature().Replace(title, "~~");
        title = Prefix().Replace(title, "$1∶");     // "talk:x" would be another namespace, "fr:x" another wiki
        if (RelativePath().IsMatch(title)) title = $"dot {title}";
        while (Encoding.UTF8.GetByteCount(title) > 250) title = title[..^1].TrimEnd();
        return title.Length == 0 ? "" : char.ToUpperInvariant(title[0]) + title[1..];
    }

    [GeneratedRegex(@"[\s\x7f]+")] private static partial Regex Spaces();
    [GeneratedRegex("%([0-9A-Fa-f]{2})")] private static partial Regex PercentCode();
    [GeneratedRegex(@"&(?=[A-Za-z0-9\u0080-\uffff]+;)")] private static partial Regex Entity();
    [GeneratedRegex(@"^\.\.?(/|$)")] private static partial Regex RelativePath();
    [GeneratedRegex("~{3,}")] private static partial Regex Signature();
    [GeneratedRegex(@"^([\p{L} ]+?) ?:")] private static partial Regex Prefix();
}

static partial class Wikitext
{
    public static string From(string text, Func<string, string> link)
    {
        var result = new StringBuilder();
        var end = 0;
        text = Indent().Replace(text, "\n");
        foreach (Match term in Term().Matches(text))
        {
            Plain(result, text[end..term.Index]);
            var name = Spaces().Replace(term.Groups[1].Value, " ").Trim();
            var target = name.Length > 120 || Address().IsMatch(name) ? "" : link(name);
            if (target.Length == 0) Plain(result, name);
            else result.Append(target == name ? $"[[{target}]]" : $"[[{target}|{name}]]");
            end = term.Index + term.Length;
        }
        Plain(result, text[end..]);
        return result.ToString();
    }

    // <nowiki> spans no paragraphs.
    static void Plain(StringBuilder result, string text)
    {
        text = text.Replace("&", "&amp;").Replace("<", "&lt;");
        result.AppendJoin(
            "\n\n", text.Split("\n\n").Select(part => part.Length == 0 ? "" : $"<nowiki>{part}</nowiki>"));
    }

    [GeneratedRegex(@"(?<=^|\n)[ \t]{1,3}(?=\S)")] private static partial Regex Indent();
    [GeneratedRegex(@"\{([^{}]{1,300})\}")] private static partial Regex Term();
    [GeneratedRegex(@"\s+")] private static partial Regex Spaces();
    [GeneratedRegex(@"(?:https?|ftp|gopher|mailto|news|telnet):|\.html?\)$")] private static partial Regex Address();
}

static class Export
{
    public static void Page(XmlWriter xml, int id, string title, string text)
    {
        xml.WriteStartElement("page");
        xml.WriteElementString("title", title);
        xml.WriteElementString("ns", "0");
        xml.WriteElementString("id", $"{id}");
        xml.WriteStartElement("revision");
        xml.WriteElementString("id", $"{id}");
        xml.WriteElementString("timestamp", "2023-01-19T00:00:00Z");
        xml.WriteStartElement("contributor");
        xml.WriteElementString("username", "FOLDOC");
        xml.WriteElementString("id", "1");
        xml.WriteEndElement();
        xml.WriteElementString("model", "wikitext");
        xml.WriteElementString("format", "text/x-wiki");
        xml.WriteElementString("text", text);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }
}
