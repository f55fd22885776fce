using System.Text.RegularExpressions;

namespace Heddle.Docs.Tests;

public sealed partial class LinkTests
{
    [Fact]
    public void Every_relative_link_of_a_document_leads_to_a_file() =>
        Expect.None(
            from file in Repository.Files("", "*.md")
            from Match link in Link().Matches(File.ReadAllText(file))
            let target = link.Groups["target"].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
            let path = Path.Combine(Path.GetDirectoryName(file)!, target)
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{Repository.Relative(file)}: {target}");

    [Fact]
    public void Every_link_to_a_heading_of_a_document_finds_it() =>
        Expect.None(
            from file in Repository.Files("", "*.md")
            from Match link in Link().Matches(File.ReadAllText(file))
            let parts = link.Groups["target"].Value.Split('#')
            where parts.Length == 2 && !parts[0].Contains("://", StringComparison.Ordinal)
            let target = parts[0].Length == 0 ? file : Path.Combine(Path.GetDirectoryName(file)!, parts[0])
            where !AnchorsOf(target).Contains(parts[1])
            select $"{Repository.Relative(file)}: {link.Groups["target"].Value}");

    private static IEnumerable<string> AnchorsOf(string file) =>
        from line in MarkdownReader.Prose(file, File.ReadAllText(file))
        where line.Text.StartsWith('#')
        select NoAnchor().Replace(line.Text.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
