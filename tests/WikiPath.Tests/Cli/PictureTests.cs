using System.Numerics;
using System.Text.Json;
using WikiPath.Cli;
using WikiPath.Sample;
using WikiPath.Tests.MediaWiki;

namespace WikiPath.Tests.Cli;

public sealed class PictureTests
{
    // Three ways to D, and from there two to Goal.
    static readonly string[] s_wiki =
        ["Start: A, B, C", "A: D", "B: D, E", "C: D", "D: F, G", "E: F", "F: Goal", "G: Goal", "Goal:"];

    [Fact]
    public void A_person_sees_all_paths_as_one_tree_that_draws_nothing_twice()
    {
        var run = Draw();

        Assert.Equal(
            """
            Start
            ├── A → D
            │   ├── F → Goal
            │   └── G → Goal
            ├── B
            │   ├── D (as above)
            │   └── E → F → Goal
            └── C → D (as above)

            """.ReplaceLineEndings("\n"),
            run.Out[..(run.Out.IndexOf("4 links", StringComparison.Ordinal) - 1)]);
        Assert.Contains("4 links, 7 shortest paths; ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_narrow_terminal_gets_no_line_that_is_longer()
    {
        var run = Draw(width: 24, "--paths", "3");

        Assert.All(run.Out.Split('\n'), line => Assert.InRange(line.Length, 0, 24));
        Assert.Contains("3 of 7 shortest paths", run.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.All(run.Error.Split('\r'), line => Assert.InRange(line.Replace("\e[2K", "", StringComparison.Ordinal).Length, 0, 23));
    }

    [Fact]
    public void A_pipe_gets_a_path_a_line_and_hears_that_there_are_more()
    {
        var run = Find("--paths", "2");

        Assert.Equal("Start -> A -> D -> F -> Goal\nStart -> A -> D -> G -> Goal\n", run.Out);
        Assert.Equal("wikipath: 2 of 7 shortest paths are shown; --paths N shows more.\n", run.Error);
    }

    [Fact]
    public void Json_counts_all_paths_and_shows_some()
    {
        var run = Find("--paths", "2", "--json");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(7, json.RootElement.GetProperty("pathCount").GetInt32());
        Assert.Equal(2, json.RootElement.GetProperty("paths").GetArrayLength());
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void More_paths_than_sixty_four_bits_hold_are_counted_to_the_last_digit()
    {
        // Seventy times a choice of two.
        var lines = new List<string>();
        for (var i = 0; i < 70; i++)
        {
            lines.AddRange([$"P{i}: A{i}, B{i}", $"A{i}: P{i + 1}", $"B{i}: P{i + 1}"]);
        }
        var run = CliRun.Of(
            new Surroundings { Network = new InMemoryWikiHandler(TestWiki.Of([.. lines, "P70:"])) },
            "P0", "P70", "--wiki", "wiki.example.org", "--json", "--paths", "1");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal($"{BigInteger.Pow(2, 70)}", json.RootElement.GetProperty("pathCount").GetRawText());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    public void A_wrong_number_of_paths_is_refused(string number)
    {
        var run = CliRun.Of("Python", "Apple", "--wiki", "sample", "--paths", number);

        Assert.Equal((ExitCode.WrongInput, ""), (run.ExitCode, run.Out));
        Assert.Contains(number, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Titles_that_look_like_markup_are_shown_as_they_are()
    {
        // MediaWiki forbids brackets; a wiki may still be set up to allow them, or send them.
        var run = CliRun.Of(
            new Surroundings { IsTerminal = true, Network = new InMemoryWikiHandler(TestWiki.Of("A & B: \"C\" + 1", "\"C\" + 1:")) },
            "A & B", "\"C\" + 1", "--wiki", "wiki.example.org");

        Assert.StartsWith("A & B → \"C\" + 1", run.Out, StringComparison.Ordinal);
    }

    static CliRun Draw(int width = 80, params string[] args) =>
        CliRun.Of(
            new Surroundings { IsTerminal = true, Width = width, Network = new InMemoryWikiHandler(TestWiki.Of(s_wiki)) },
            ["Start", "Goal", "--wiki", "wiki.example.org", .. args]);

    static CliRun Find(params string[] args) =>
        CliRun.Of(
            new Surroundings { Network = new InMemoryWikiHandler(TestWiki.Of(s_wiki)) },
            ["Start", "Goal", "--wiki", "wiki.example.org", .. args]);
}
