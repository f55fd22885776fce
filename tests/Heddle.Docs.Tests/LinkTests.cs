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

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
