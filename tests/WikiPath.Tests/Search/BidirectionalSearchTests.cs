using System.Numerics;
using WikiPath.Search;

namespace WikiPath.Tests.Search;

public sealed class BidirectionalSearchTests
{
    [Fact]
    public void On_ten_thousand_random_wikis_distance_and_number_of_paths_equal_a_plain_search()
    {
        var crossings = 0;
        for (var seed = 0; seed < 10_000; seed++)
        {
            var random = new Random(seed);
            var wiki = new RandomWiki(random, mostArticles: 24);
            var (distance, count) = PlainSearch.Run(wiki.From, wiki.To, wiki.LinksOf);
            var answers = Answers(wiki, out var search);
            if (random.Next(3) == 0) AddKnown(search, wiki, random);

            var paths = answers.Run(random);

            Assert.True(paths?.Distance == distance, $"Seed {seed}: {paths?.Distance}, not {distance}, links.");
            Assert.True((paths?.Count ?? 0) == count, $"Seed {seed}: {paths?.Count}, not {count}, paths.");
            crossings += answers.Crossings;
        }
        Assert.True(crossings > 1_000, $"Only {crossings} crossings: the other way on is hardly tested.");
    }

    [Fact]
    public void Every_path_it_gives_is_a_path_and_none_comes_twice()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            var wiki = new RandomWiki(random, mostArticles: 14);
            if (Answers(wiki, out _).Run(random) is not { } paths) continue;

            var all = paths.Enumerate().ToList();

            Assert.Equal(paths.Count, all.Select(path => string.Join('|', path)).Distinct().Count());
            foreach (var path in all)
            {
                Assert.Equal((wiki.From, wiki.To, paths.Distance + 1), (path[0], path[^1], path.Count));
                Assert.All(path.Zip(path.Skip(1)), link => Assert.Contains(link.Second, wiki.LinksOf(link.First)));
            }
        }
    }

    [Fact]
    public void An_article_is_no_link_away_from_itself()
    {
        var search = new BidirectionalSearch("A", "A");

        Assert.True(search.IsOver);
        Assert.Null(search.Next());
        Assert.Equal(["A"], Assert.Single(search.Paths!.Enumerate()));
        Assert.Equal((0, 1), (search.Paths.Distance, (int)search.Paths.Count));
    }

    [Fact]
    public void A_level_is_finished_before_the_sides_meet()
    {
        var search = new BidirectionalSearch("A", "Z");
        var question = Assert.IsType<LinksQuestion>(search.Next());
        search.Add(question, question.Titles[0], ["A", "Z"]);
        search.Answered(question, 1, isComplete: false);

        Assert.False(search.IsOver);
        Assert.Same(question, search.Next());
        search.Answered(question, 1, isComplete: true);
        Assert.Equal(1, search.Paths!.Distance);
    }

    [Fact]
    public void It_ends_without_a_path_when_one_side_has_nothing_left()
    {
        var search = new BidirectionalSearch("A", "Z");
        search.Answered(Assert.IsType<LinksQuestion>(search.Next()), 1, isComplete: true);

        Assert.True(search.IsOver);
        Assert.Null(search.Paths);
    }

    [Fact]
    public void While_all_is_asked_there_is_nothing_to_ask()
    {
        var search = new BidirectionalSearch("A", "Z");
        Assert.NotNull(search.Next());

        while (search.Next() is { } question) Assert.IsType<LinksQuestion>(question);   // the other side, at most
        Assert.False(search.IsOver);
    }

    [Fact]
    public void A_question_names_fifty_pages_and_pages_that_are_known_are_not_asked_about()
    {
        var search = new BidirectionalSearch("A", "Z");
        var middle = Enumerable.Range(0, 120).Select(i => $"M{i:000}").ToArray();
        search.AddKnown(Direction.Forward, "A", middle);
        search.AddKnown(Direction.Backward, "Z", Enumerable.Range(0, 900).Select(i => $"N{i:000}").ToArray());
        foreach (var page in middle.Take(10)) search.AddKnown(Direction.Forward, page, ["B"]);

        var asked = new List<string>();
        while (asked.Count < 110) asked.AddRange(Assert.IsType<LinksQuestion>(search.Next()).Titles);

        Assert.Equal(middle.Skip(10), asked);
        Assert.Empty(search.Unasked(Direction.Forward));
        Assert.Equal(900, search.Unasked(Direction.Backward).Count());
    }

    [Fact]
    public void A_page_with_endless_links_is_left_alone_when_the_other_side_costs_less()
    {
        var search = new BidirectionalSearch("A", "Hub");
        search.AddKnown(Direction.Forward, "A", Enumerable.Range(0, 200).Select(i => $"M{i:000}").ToArray());
        var hubs = 0;
        for (var answers = 0; !search.IsOver; answers++)
        {
            switch (search.Next())
            {
                case LinksQuestion { Direction: Direction.Backward } hub:
                    search.Add(hub, "Hub", [$"Fan {++hubs}"]);
                    search.Answered(hub, 1, isComplete: false);
                    break;
                case LinksQuestion level:
                    foreach (var page in level.Titles) search.Add(level, page, page == "M007" ? ["Hub"] : ["Elsewhere"]);
                    search.Answered(level, 2, isComplete: true);
                    break;
                case CrossingQuestion crossing:
                    if (crossing.Sources.Contains("M007")) search.Add(crossing, "M007", "Hub");
                    search.Answered(crossing, 1);
                    break;
                default:
                    Assert.Fail("Nothing was asked.");
                    break;
            }
        }

        Assert.Equal(["A", "M007", "Hub"], search.Paths!.Enumerate().Single());
        Assert.InRange(hubs, 0, 40);
    }

    [Fact]
    public void Adding_what_was_not_asked_for_says_what_to_do()
    {
        var search = new BidirectionalSearch("A", "Z");
        var question = Assert.IsType<LinksQuestion>(search.Next());

        Assert.Contains(
            "was not asked about", Assert.Throws<ArgumentException>(() => search.Add(question, "B", [])).Message,
            StringComparison.Ordinal);
        search.Answered(question, 1, isComplete: false);
        Assert.Throws<ArgumentException>(() => search.Answered(question, 1, isComplete: false));
    }

    [Fact]
    public void More_paths_than_a_number_holds_are_counted_and_come_one_by_one()
    {
        // Forty times over: from one page to a hundred, and back to one.
        const int Rounds = 40;
        var search = new BidirectionalSearch("0", $"{Rounds}");
        for (var round = 0; round < Rounds; round++)
        {
            var middle = Enumerable.Range(0, 100).Select(i => $"{round}.{i:00}").ToArray();
            search.AddKnown(Direction.Forward, $"{round}", middle);
            foreach (var page in middle) search.AddKnown(Direction.Forward, page, [$"{round + 1}"]);
        }

        Assert.Equal(BigInteger.Pow(100, Rounds), search.Paths!.Count);
        var paths = search.Paths.Enumerate().Take(1_000).Select(path => string.Join('|', path)).ToList();
        Assert.Equal(paths.Order(StringComparer.Ordinal), paths);
    }

    static Answers Answers(RandomWiki wiki, out BidirectionalSearch search)
    {
        search = new BidirectionalSearch(wiki.From, wiki.To);
        return new Answers(search, wiki.LinksOf, wiki.LinksTo);
    }

    static void AddKnown(BidirectionalSearch search, RandomWiki wiki, Random random)
    {
        for (var i = 0; i < 10; i++)
        {
            var forward = random.Next(2) == 0;
            var direction = forward ? Direction.Forward : Direction.Backward;
            if (search.Unasked(direction).FirstOrDefault() is not { } title) continue;
            search.AddKnown(direction, title, (forward ? wiki.LinksOf(title) : wiki.LinksTo(title)).ToList());
        }
    }
}
