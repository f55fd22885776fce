namespace Heddle.Docs.Tests;

/// <summary>A fenced block of a document.</summary>
/// <param name="Info">The words behind the opening fence: the language, then what the tests are told.</param>
/// <param name="Line">The line of the opening fence.</param>
/// <param name="Text">What stands between the fences.</param>
/// <param name="AfterHeading">Whether a heading stands between it and the block before.</param>
internal sealed record MarkdownBlock(IReadOnlyList<string> Info, int Line, string Text, bool AfterHeading)
{
    /// <summary>Says of a block that it declares what the snippets of the document's tables use.</summary>
    public const string Rows = "rows";

    public string Language => Info.Count > 0 ? Info[0] : "";

    public string? Source => Info.Skip(1).FirstOrDefault(IsFile);

    public bool DeclaresRows => Info.Skip(1).Contains(Rows);

    public IReadOnlyList<string> Rules => [.. Info.Skip(1).Where(word => !IsFile(word))];

    private static bool IsFile(string word) => word.Contains('/');
}
