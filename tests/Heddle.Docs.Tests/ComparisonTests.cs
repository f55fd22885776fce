namespace Heddle.Docs.Tests;

/// <summary>The tables that set Python and Heddle side by side.</summary>
public sealed class ComparisonTests
{
    public static TheoryData<string> Names => [.. Documents.WithComparisons];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_snippet_in_the_column_Heddle_compiles(string document) =>
        Expect.None(ProgramOf(document).ProblemsOf(RowsOf(document)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_row_has_a_snippet_or_says_that_there_is_none(string document) =>
        Expect.None(
            from row in RowsOf(document)
            where row.Heddle.Count == 0 && row.HeddleCell is not ("none" or "not yet")
            select $"{document}:{row.Line}: {row.HeddleCell}");

    [Fact]
    public void A_snippet_that_does_not_compile_is_reported_with_its_line() =>
        Assert.Contains("sample.md:7: CS0103", Assert.Single(ProblemsOf("`await missing`")), StringComparison.Ordinal);

    [Fact]
    public void A_snippet_that_breaks_a_rule_is_reported() =>
        Assert.Contains("HED001", Assert.Single(ProblemsOf("`var forgotten = FAsync()`")), StringComparison.Ordinal);

    [Theory]
    [InlineData("`await FAsync()`")]
    [InlineData("`EventLoop.Current`")]
    [InlineData("`ScopeCanceledException`")]
    [InlineData("`using (await new AsyncLock().LockAsync()) { }`")]
    [InlineData("`catch (ScopeCanceledException) { throw; }`")]
    [InlineData("`int answer = await FAsync()`, `true`")]
    public void A_snippet_may_be_of_any_form(string cell) => Assert.Empty(ProblemsOf(cell));

    private static IReadOnlyList<string> ProblemsOf(string cell)
    {
        var markdown = $$"""
            ```csharp rows
            using Heddle;
            abstract class Rows { protected abstract Coroutine MainAsync(); protected abstract Coroutine<int> FAsync(); }
            ```
            | Python | Heddle |
            | --- | --- |
            | `f()` | {{cell}} |
            """;
        return ProgramOf("sample.md", markdown).ProblemsOf(ComparisonRow.AllOf("sample.md", markdown));
    }

    private static ComparisonProgram ProgramOf(string document) => ProgramOf(document, Documents.Read(document));

    private static ComparisonProgram ProgramOf(string document, string markdown) =>
        new(document, MarkdownReader.Blocks(document, markdown).Single(block => block.DeclaresRows));

    private static IReadOnlyList<ComparisonRow> RowsOf(string document) =>
        [.. ComparisonRow.AllOf(document, Documents.Read(document))];
}
