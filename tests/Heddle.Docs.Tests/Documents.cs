namespace Heddle.Docs.Tests;

internal static class Documents
{
    /// <summary>README.md and everything in docs/.</summary>
    public static IEnumerable<string> All =>
        Repository.Files("docs", "*.md").Prepend(Path.Combine(Repository.Root, "README.md"));

    /// <summary>Those whose tables set Python and Heddle side by side, and which declare what the snippets there use.</summary>
    public static IEnumerable<string> WithComparisons =>
        from file in All
        let name = Repository.Relative(file)
        where MarkdownReader.Blocks(name, File.ReadAllText(file)).Any(block => block.DeclaresRows)
        select name;

    /// <param name="name">Its path from the root.</param>
    public static string Read(string name) => File.ReadAllText(Path.Combine(Repository.Root, name));
}
