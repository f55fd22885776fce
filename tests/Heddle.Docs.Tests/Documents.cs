namespace Heddle.Docs.Tests;

internal static class Documents
{
    /// <summary>README.md and everything in docs/.</summary>
    public static IEnumerable<string> All =>
        Repository.Files("docs", "*.md").Prepend(Path.Combine(Repository.Root, "README.md"));
}
