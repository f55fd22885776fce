using System.Text.RegularExpressions;

namespace Heddle.Docs.Tests;

/// <summary>A row of a table whose columns are headed <c>Python</c> and <c>Heddle</c>.</summary>
/// <param name="Line">Its line in the document.</param>
/// <param name="Section">The heading above it.</param>
internal sealed partial record ComparisonRow(int Line, string Section, string PythonCell, string HeddleCell)
{
    public IReadOnlyList<string> Python => CodeOf(PythonCell);

    public IReadOnlyList<string> Heddle => CodeOf(HeddleCell);

    public static IEnumerable<ComparisonRow> AllOf(string name, string markdown)
    {
        var section = "";
        var isComparison = false;
        foreach (var (number, line) in MarkdownReader.Prose(name, markdown))
        {
            if (line.StartsWith('#'))
            {
                section = line.TrimStart('#').Trim();
            }

            if (!line.StartsWith('|'))
            {
                isComparison = false;
                continue;
            }

            var cells = CellsOf(line);
            if (isComparison && !cells[0].StartsWith("---", StringComparison.Ordinal))
            {
                yield return new(number, section, cells[0], cells[1]);
            }

            isComparison |= cells is ["Python", "Heddle", ..];
        }
    }

    private static string[] CellsOf(string line) =>
        [.. UnescapedBar().Split(line.Trim().Trim('|')).Select(cell => cell.Trim().Replace(@"\|", "|"))];

    private static IReadOnlyList<string> CodeOf(string cell) =>
        [.. Code().Matches(cell).Select(span => span.Groups["code"].Value)];

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex UnescapedBar();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Code();
}
