namespace Heddle.Docs.Tests;

/// <summary>
/// A <c>python</c> block of a document. It prints what the next <c>text</c> block says, be there a C# program in between that prints the
/// same.
/// </summary>
internal sealed record PythonProgram(string Place, string Code, string Output)
{
    public static IEnumerable<PythonProgram> All =>
        from file in Documents.All
        let document = Repository.Relative(file)
        let blocks = MarkdownReader.Blocks(document, File.ReadAllText(file)).ToList()
        from i in Enumerable.Range(0, blocks.Count)
        where blocks[i].Language == "python"
        let place = $"{document}:{blocks[i].Line}"
        select new PythonProgram(place, blocks[i].Text, OutputBelow(place, blocks[(i + 1)..]));

    private static string OutputBelow(string place, IReadOnlyList<MarkdownBlock> below) =>
        below.SkipWhile(block => block is { Language: "csharp", AfterHeading: false }).FirstOrDefault() is { Language: "text" } output
            ? output.Text
            : throw new FormatException($"{place}: no text block says what it prints.");
}
