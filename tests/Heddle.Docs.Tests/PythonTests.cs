using System.Text.Json;
using System.Text.RegularExpressions;

namespace Heddle.Docs.Tests;

/// <summary>The Python that documents set beside Heddle.</summary>
public sealed partial class PythonTests
{
    private static readonly string s_checker = Path.Combine(AppContext.BaseDirectory, "check_snippets.py");

    public static TheoryData<string> Programs =>
        [.. PythonProgram.All.Select(program => program.Place)];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Each_python_block_prints_what_the_document_says(string place)
    {
        var program = PythonProgram.All.Single(program => program.Place == place);

        Assert.Equal(Printed.Trim(program.Output), Printed.Trim(Python.Run(program.Code, "-")));
    }

    [Fact]
    public void Each_snippet_in_the_column_Python_is_Python() => Expect.None(
        ProblemsOf(
            from document in Documents.WithComparisons
            from row in ComparisonRow.AllOf(document, Documents.Read(document))
            from snippet in SnippetsOf(document, row)
            select snippet));

    [Theory]
    [InlineData("`await x`", true)]
    [InlineData("`x = yield y`", true)]
    [InlineData("`except asyncio.CancelledError: raise`", true)]
    [InlineData("`asyncio.gather(f(), g()`", false)]
    [InlineData("`asyncio.gether(f())`", false)]
    [InlineData("`asyncio.not_before_python_99()` (3.99)", true)]
    public void What_is_no_Python_or_not_in_its_library_is_found(string cell, bool isGood) =>
        Assert.Equal(isGood, ProblemsOf(SnippetsOf("sample.md", new(1, "", cell, ""))).Count == 0);

    private static IEnumerable<Snippet> SnippetsOf(string document, ComparisonRow row) =>
        from Match match in SnippetWithVersion().Matches(row.PythonCell)
        select new Snippet($"{document}:{row.Line}", match.Groups["code"].Value, match.Groups["since"].Value);

    private static IReadOnlyList<string> ProblemsOf(IEnumerable<Snippet> snippets) =>
        Python.Run(JsonSerializer.Serialize(snippets, JsonSerializerOptions.Web), s_checker)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private sealed record Snippet(string Place, string Code, string Since);

    [GeneratedRegex(@"`(?<code>[^`]+)`(?: \((?<since>3\.\d+)\))?")]
    private static partial Regex SnippetWithVersion();
}
