using System.Net;
using System.Text.Json;
using Heddle;
using Heddle.Testing;
using WikiPath.Cli;
using WikiPath.Sample;
using WikiPath.Tests.MediaWiki;

namespace WikiPath.Tests.Cli;

public sealed class CliTests
{
    const string Both =
        "Python -> Apple -> Антиутопия -> Карл Маркс\n"
        + "Python -> Monty Python -> Лондон -> Карл Маркс\n";

    [Fact]
    public void The_path_of_the_lecture_is_found() => Assert.Equal(
        new CliRun(ExitCode.Found, Both, ""),
        CliRun.Of("Python", "Карл Маркс", "--wiki", "sample"));

    [Fact]
    public void Titles_are_taken_as_typed_and_shown_as_the_wiki_spells_them() => Assert.Equal(
        Both,
        CliRun.Of("python (programming_language)", "Karl Marx", "--wiki", "sample").Out);

    [Fact]
    public void Json_is_one_object_with_the_resolved_titles()
    {
        var run = CliRun.Of("python", "маркс", "--wiki", "sample", "--json");

        using var json = JsonDocument.Parse(run.Out);
        var answer = json.RootElement;
        Assert.Equal(
            ["from", "to", "wiki", "distance", "pathCount", "paths", "requests", "pages", "elapsedMs"],
            answer.EnumerateObject().Select(property => property.Name));
        Assert.Equal("Python", answer.GetProperty("from").GetString());
        Assert.Equal("Карл Маркс", answer.GetProperty("to").GetString());
        Assert.Equal("sample", answer.GetProperty("wiki").GetString());
        Assert.Equal(3, answer.GetProperty("distance").GetInt32());
        Assert.Equal(2, answer.GetProperty("pathCount").GetInt32());
        var path = answer.GetProperty("paths")[0];
        Assert.Equal(
            ["Python", "Apple", "Антиутопия", "Карл Маркс"], path.EnumerateArray().Select(title => title.GetString()));
        Assert.InRange(answer.GetProperty("requests").GetInt32(), 2, 20);
        Assert.InRange(answer.GetProperty("pages").GetInt32(), 2, 150);
        Assert.True(answer.GetProperty("elapsedMs").GetInt64() >= 0);
        Assert.Contains("Карл", run.Out, StringComparison.Ordinal);     // letters, not escapes
    }

    [Fact]
    public void No_path_is_an_answer_of_its_own()
    {
        var run = CliRun.Of("Python", "Глубоководные рыбы", "--wiki", "sample");

        Assert.Equal((ExitCode.NoPath, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("No path leads from 'Python' to 'Глубоководные рыбы'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_path_has_a_null_distance_in_json()
    {
        var run = CliRun.Of("Python", "Глубоководные рыбы", "--wiki", "sample", "--json");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(ExitCode.NoPath, run.ExitCode);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("distance").ValueKind);
        Assert.Equal(0, json.RootElement.GetProperty("paths").GetArrayLength());
    }

    [Fact]
    public void The_same_title_twice_is_a_path_of_no_links() =>
        Assert.Equal(new CliRun(ExitCode.Found, "Python\n", ""), CliRun.Of("Python", "Пайтон", "--wiki", "sample"));

    [Fact]
    public void An_unknown_title_offers_the_nearest_ones()
    {
        var run = CliRun.Of("Pyton", "Карл Маркс", "--wiki", "sample");

        Assert.Equal((ExitCode.WrongInput, ""), (run.ExitCode, run.Out));
        Assert.Equal("wikipath: 'Pyton' does not exist.\n  Near to it: Python\n", run.Error);
    }

    [Fact]
    public void A_disambiguation_page_at_an_end_is_remarked_on()
    {
        var run = CliRun.Of("Питон", "Apple", "--wiki", "sample");

        Assert.Equal("Питон -> Python -> Apple\n", run.Out);
        Assert.Contains("disambiguation", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FROM is missing")]
    [InlineData("TO is missing", "Python")]
    [InlineData("FROM is empty", "", "Python", "--wiki", "sample")]
    [InlineData("TO is empty", "Python", " ", "--wiki", "sample")]
    [InlineData("names no wiki", "Python", "Apple", "--wiki", "no wiki")]
    [InlineData("needs quotes: \"Alan Turing\"", "Alan", "Turing", "Unix", "--wiki", "sample")]
    [InlineData("no option '--jsn'. Is it --json", "Python", "Apple", "--jsn")]
    [InlineData("no option '--jsn'. Is it --json", "--jsn", "Python", "Apple")]
    [InlineData("no option '--nonsense'. A title that begins", "one", "two", "--nonsense")]
    [InlineData("Put --wiki before it", "--", "-ism", "Python", "--wiki", "sample")]
    [InlineData("--paths", "one", "two", "--paths")]
    [InlineData("--cache-age takes a number", "one", "two", "--cache-age", "3y")]
    public void A_wrong_command_line_says_so(string message, params string[] args)
    {
        var run = CliRun.Of(args);

        Assert.Equal((ExitCode.WrongInput, ""), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_option()
    {
        var run = CliRun.Of("--help");

        Assert.Equal((ExitCode.Found, ""), (run.ExitCode, run.Error));
        Assert.All(
            ["FROM", "TO", "--wiki", "--paths", "--json", "--no-cache", "--cache-age", "--cache", "--clear-cache"], word => Assert.Contains(word, run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public void A_title_may_begin_with_an_at_sign() =>
        Assert.StartsWith(
            "wikipath: '@home' does not exist", CliRun.Of("@home", "Python", "--wiki", "sample").Error,
            StringComparison.Ordinal);

    [Fact]
    public void A_title_may_begin_with_a_dash() =>
        Assert.StartsWith(
            "wikipath: '-ism' does not exist", CliRun.Of("--wiki", "sample", "--", "-ism", "Python").Error,
            StringComparison.Ordinal);

    [Fact]
    public void A_wiki_that_fails_is_told_with_cause_and_remedy()
    {
        var network = new TestNetwork(new InMemoryWikiHandler(WikiContentReader.ReadSample()));
        for (var i = 0; i < 8; i++) network.Then(HttpStatusCode.BadGateway);

        var run = CliRun.Of(new Surroundings { Network = network }, "Python", "Apple", "--wiki", "wiki.example.org");

        Assert.Equal((ExitCode.WikiFailed, ""), (run.ExitCode, run.Out));
        Assert.Contains("HTTP status 502", run.Error, StringComparison.Ordinal);
        Assert.Contains("Tried 8 times", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_without_a_wiki_is_told_with_all_places_where_one_was_looked_for()
    {
        var network = new TestNetwork(new InMemoryWikiHandler(WikiContentReader.ReadSample()))
            .Then(HttpStatusCode.NotFound).Then(HttpStatusCode.NotFound);

        var run = CliRun.Of(new Surroundings { Network = network }, "Python", "Apple", "--wiki", "wiki.example.org");

        Assert.Equal((ExitCode.WikiFailed, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("wikipath: https://wiki.example.org/api.php: HTTP status 404", run.Error, StringComparison.Ordinal);
        Assert.Contains("There is nothing at https://wiki.example.org/w/api.php.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_in_the_middle_of_a_level_ends_the_search()
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A: B", "B: C", "C: D", "D: E", "E:")));
        var requests = 0;
        var failing = new TestNetwork(network)
        {
            OnRequest = () => ++requests < 4 ? Task.CompletedTask : throw new HttpRequestException("gone"),
        };

        var run = CliRun.Of(new Surroundings { Network = failing }, "A", "E", "--wiki", "wiki.example.org");

        Assert.Equal(ExitCode.WikiFailed, run.ExitCode);
        Assert.StartsWith("wikipath: stopped after 11 requests", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_sees_colours_and_figures()
    {
        var run = CliRun.Of(
            new Surroundings { IsTerminal = true, Colors = true }, "Python", "Карл Маркс", "--wiki", "sample");

        Assert.Contains("\e[", run.Out, StringComparison.Ordinal);
        Assert.Contains("3 links", run.Out, StringComparison.Ordinal);
        Assert.Contains("requests", run.Error, StringComparison.Ordinal);   // the progress, taken away in the end
        Assert.EndsWith("\r\e[2K", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_sees_in_a_narrow_terminal_too_that_it_waits_and_how_long()
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A: B", "B:"))).ThenError("ratelimited");

        var run = CliRun.Of(
            new Surroundings { IsTerminal = true, Width = 40, Network = network }, "A", "B", "--wiki", "wiki.example.org");

        Assert.Contains("\r\e[2Ktrying again in 1 s (try 2): the wiki's", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_who_wants_no_colours_gets_none()
    {
        var run = CliRun.Of(new Surroundings { IsTerminal = true }, "Python", "Карл Маркс", "--wiki", "sample");

        Assert.StartsWith("Python\n├── Apple → Антиутопия → Карл Маркс\n└── Monty Python → Лондон → Карл Маркс\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Out);
    }

    [Fact]
    public void A_cancelled_search_ends_at_once_says_how_far_it_came_and_leaves_no_request_behind()
    {
        var surroundings =
            new Surroundings { Network = new TestNetwork(new InMemoryWikiHandler(new WikiContent())).ThenHang() };

        VirtualTime.Run(async () =>
        {
            var begun = EventLoop.Current.Now;
            var ended = await CancelScope.MoveOnAfterAsync(TimeSpan.FromSeconds(3), async _ =>
            {
                await CliProgram.RunAsync(["A", "B", "--wiki", "wiki.example.org"], surroundings.Host);
            });

            Assert.False(ended);
            Assert.Equal(TimeSpan.FromSeconds(3), EventLoop.Current.Now - begun);
        });

        Assert.Equal("", surroundings.Out.ToString());
        Assert.StartsWith(
            "wikipath: interrupted after 1 request, before the search began.\n", surroundings.Error.ToString(),
            StringComparison.Ordinal);
    }
}
