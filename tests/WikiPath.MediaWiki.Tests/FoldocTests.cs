using System.Text.Json;
using Heddle;
using WikiPath.Cli;
using WikiPath.Search;
using WikiPath.Tests.MediaWiki;
using WikiPath.Tests.Search;

namespace WikiPath.MediaWiki.Tests;

public sealed class FoldocTests
{
    [Fact]
    public void From_Python_to_Alan_Turing_it_is_four_links()
    {
        var graph = RealWiki.RequireGraph();
        using var output = new StringWriter();
        using var messages = new StringWriter();

        var exitCode = CliProgram.Run(
            ["Python", "Alan Turing", "--wiki", RealWiki.Api, "--json"],
            new CliHost { Out = output, Error = messages });

        Assert.Equal((ExitCode.Found, ""), (exitCode, messages.ToString()));
        using var json = JsonDocument.Parse(output.ToString());
        Assert.Equal(4, json.RootElement.GetProperty("distance").GetInt32());
        var path =
            json.RootElement.GetProperty("paths")[0].EnumerateArray().Select(title => title.GetString()!).ToList();
        Assert.Equal(("Python", "Alan Turing", 5), (path[0], path[^1], path.Count));
        Assert.All(path.Zip(path.Skip(1)), link => Assert.Contains(link.Second, graph.LinksOf(link.First)));
    }

    [Fact]
    public void From_Python_to_Ping_flood_there_are_24_paths_of_nine_links()
    {
        RealWiki.RequireGraph();

        var paths = Find("Python", "Ping-flood");

        Assert.Equal((9, 24), (paths!.Distance, (int)paths.Count));
    }

    [Fact]
    public void Of_two_hundred_random_pairs_distance_and_number_of_paths_equal_a_plain_search_of_the_graph()
    {
        var graph = RealWiki.RequireGraph();
        var random = new Random(200);
        for (var pair = 0; pair < 200; pair++)
        {
            var ends = random.GetItems(graph.Articles.ToArray(), 2);
            var (distance, count) = PlainSearch.Run(ends[0], ends[1], graph.LinksOf);

            var paths = Find(ends[0], ends[1]);

            Assert.True(
                paths?.Distance == distance, $"'{ends[0]}' to '{ends[1]}': {paths?.Distance}, not {distance}, links.");
            Assert.True(
                (paths?.Count ?? 0) == count, $"'{ends[0]}' to '{ends[1]}': {paths?.Count}, not {count}, paths.");
        }
    }

    [Fact]
    public void Links_that_are_asked_for_between_two_sets_equal_the_graph()
    {
        var graph = RealWiki.RequireGraph();
        var random = new Random(7);
        // Much linked to, by all their names, and pages that link to some of them.
        var targets = graph.Articles.SelectMany(graph.LinksOf).CountBy(title => title)
            .OrderByDescending(title => title.Value).Take(40).Select(title => title.Key).ToArray();
        var sources = random.GetItems(graph.Articles.ToArray(), 30).Concat(targets.Take(5).SelectMany(graph.LinksTo).Take(20))
            .Distinct().ToArray();

        var crossings = EventLoop.Run(() => RealWiki.OpenLinks(out _).CrossAsync(sources, targets));

        var expected =
            sources.SelectMany(source => graph.LinksOf(source).Intersect(targets).Select(target => (source, target))).ToList();
        Assert.True(expected.Count > 20);
        Assert.Equal(expected.Order(), crossings.Links.Where(link => link.Source != link.Target).Order());
    }

    [Theory]
    [InlineData('0')]
    [InlineData(',')]
    [InlineData('\'')]
    [InlineData('&')]
    [InlineData('+')]
    [InlineData('=')]
    [InlineData('*')]
    [InlineData('!')]
    [InlineData('é')]
    [InlineData('/')]
    public void Links_of_articles_with_odd_titles_equal_the_graph(char odd)
    {
        var graph = RealWiki.RequireGraph();
        var articles = graph.Articles.Where(title => title.Contains(odd)).Take(20).ToArray();
        Assert.NotEmpty(articles);

        EventLoop.Run(async () =>
        {
            var links = RealWiki.OpenLinks(out var finder);
            var found = await finder.FindAsync(articles);
            Assert.Equal(articles, found.Select(article => article.Title));
            Assert.All(found, article => Assert.Null(article.Problem));
            var forward = await links.ReadAllAsync(Direction.Forward, articles);
            var backward = await links.ReadAllAsync(Direction.Backward, articles);
            foreach (var article in articles)
            {
                Assert.Equal(graph.LinksOf(article).Order(), forward[article].Except([article]).Order());
                Assert.Equal(graph.LinksTo(article).Order(), backward[article].Except([article]).Order());
            }
        });
    }

    [Theory]
    [InlineData("python", "Python")]
    [InlineData("alan_Turing", "Alan Turing")]
    [InlineData("Alan M. Turing", "Alan Turing")]
    [InlineData("Python#History", "Python")]
    [InlineData("\"Python\"", null)]
    [InlineData("A|B", null)]
    [InlineData("Карл Поппер", null)]
    [InlineData("fr:x]", null)]
    public void Titles_are_resolved_by_the_wiki(string typed, string? title)
    {
        RealWiki.RequireGraph();

        var found = EventLoop.Run(async () =>
        {
            RealWiki.OpenLinks(out var finder);
            return await finder.FindAsync("Unix", typed);
        });

        Assert.Equal(title is null, found[1].Problem is not null);
        if (title is not null) Assert.Equal(title, found[1].Title);
    }

    [Fact]
    public void The_nearest_title_is_offered()
    {
        RealWiki.RequireGraph();

        Assert.Equal("Alan Turing", EventLoop.Run(async () =>
        {
            RealWiki.OpenLinks(out var finder);
            return (await finder.SuggestAsync("Alan Turning"))[0];
        }));
    }

    [Fact]
    public void Between_articles_with_odd_titles_the_program_finds_as_many_paths_as_a_plain_search()
    {
        var graph = RealWiki.RequireGraph();
        var random = new Random(11);
        foreach (var odd in new[] { "1", ",", "'", "&", "+", "=", "*", "!", "é", "/", "(" })
        {
            var odds = graph.Articles.Where(title => title.Contains(odd)).ToArray();
            var (from, to) = (random.GetItems(odds, 1)[0], random.GetItems(odds, 1)[0]);
            var (distance, count) = PlainSearch.Run(from, to, graph.LinksOf);

            var answer = RealWiki.Run(new RetryPolicy(), [from, to]);

            Assert.Equal((distance, $"{count}"), (answer.Distance, answer.PathCount));
        }
    }

    [Theory]
    [InlineData("маркс, Карл", "½ * 🎄 \\ 0")]
    [InlineData("карл_Маркс", "½_*_🎄_\\_0")]
    public void Titles_of_many_scripts_and_signs_are_asked_for_and_shown_as_they_are(string from, string to)
    {
        RealWiki.RequireGraph();
        using var output = new StringWriter { NewLine = "\n" };

        var exitCode = CliProgram.Run(
            [from, to, "--wiki", RealWiki.Api], new CliHost { Out = output, Error = TextWriter.Null });

        Assert.Equal(ExitCode.Found, exitCode);
        Assert.Equal(
            """
            Карл Маркс -> "Капитал", том 1 & 2 -> Ёлка? Нет, 日本! -> ½ * 🎄 \ 0
            Карл Маркс -> C++ + C' = 100% -> Ёлка? Нет, 日本! -> ½ * 🎄 \ 0

            """.ReplaceLineEndings("\n"),
            output.ToString());
    }

    [Fact]
    public void A_title_whose_accents_stand_apart_is_found()
    {
        RealWiki.RequireGraph();

        var found = EventLoop.Run(async () =>
        {
            RealWiki.OpenLinks(out var articles);
            return await articles.FindAsync("Е\u0308лка? Нет, 日本!", "карл Маркс");
        });

        Assert.Equal([("Ёлка? Нет, 日本!", null), ("Карл Маркс", null)], found.Select(article => (article.Title, article.Problem)));
    }

    /// <summary>So that what is read here comes as it does from Wikipedia.</summary>
    [Fact]
    public async Task The_wiki_compresses_its_answers()
    {
        RealWiki.RequireGraph();
        using var http = new HttpClient { DefaultRequestHeaders = { { "Accept-Encoding", "gzip" } } };

        using var answer = await http.GetAsync(
            new Uri($"{RealWiki.Api}?action=query&format=json"), TestContext.Current.CancellationToken);

        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("A|B")]
    [InlineData("|")]
    [InlineData("Unix|Python|C++")]
    [InlineData("Карл Поппер")]
    [InlineData("\u001fUnix")]
    [InlineData("Unix&action=parse")]
    public void A_title_that_is_none_is_wrong_input_and_does_no_harm(string typed)
    {
        RealWiki.RequireGraph();
        using var messages = new StringWriter();

        var exitCode = CliProgram.Run(
            ["Unix", typed, "--wiki", RealWiki.Api, "--no-cache"], new CliHost { Out = messages, Error = messages });

        Assert.Equal(ExitCode.WrongInput, exitCode);
        Assert.StartsWith($"wikipath: '{typed}'", messages.ToString(), StringComparison.Ordinal);
    }

    static ShortestPaths? Find(string from, string to) =>
        EventLoop.Run(() => new PathFinder(RealWiki.OpenLinks(out _), from, to).FindAsync());
}
