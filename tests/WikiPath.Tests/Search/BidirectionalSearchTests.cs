using WikiPath.Search;

namespace WikiPath.Tests.Search;

public sealed class BidirectionalSearchTests
{
    [Fact]
    public void On_ten_thousand_random_wikis_distance_and_number_of_paths_equal_a_plain_search()
    {
        for (var seed = 0; seed < 10_000; seed++)
        {
            var random = new Random(seed);
            var wiki = new RandomWiki(random, mostArticles: 24);
            var (distance, count) = PlainSearch.Run(wiki.From, wiki.To, wiki.LinksOf);

            var paths = Drive(new BidirectionalSearch(wiki.From, wiki.To), wiki, random);

            Assert.True(paths?.Distance == distance, $"Seed {seed}: {paths?.Distance}, not {distance}, links.");
            Assert.True((paths?.Count ?? 0) == count, $"Seed {seed}: {paths?.Count}, not {count}, paths.");
        }
    }

    [Fact]
    public void Every_path_it_gives_is_a_path_and_none_comes_twice()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            var wiki = new RandomWiki(random, mostArticles: 14);
            if (Drive(new BidirectionalSearch(wiki.From, wiki.To), wiki, random) is not { } paths) continue;

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
        Assert.Equal(["A"], Assert.Single(search.Paths!.Enumerate()));
        Assert.Equal((0, 1), (search.Paths.Distance, (int)search.Paths.Count));
    }

    [Fact]
    public void A_level_is_finished_before_the_sides_meet()
    {
        var search = new BidirectionalSearch("A", "Z");
        search.Add(Direction.Forward, "A", ["Z"]);

        Assert.False(search.IsOver);
        search.CompleteLevel(Direction.Forward);
        Assert.Equal(1, search.Paths!.Distance);
    }

    [Fact]
    public void It_ends_without_a_path_when_one_side_has_nothing_left()
    {
        var search = new BidirectionalSearch("A", "Z");
        search.Add(Direction.Backward, "Z", []);
        search.CompleteLevel(Direction.Backward);

        Assert.True(search.IsOver);
        Assert.Null(search.Paths);
    }

    [Fact]
    public void A_neighbour_named_twice_makes_one_path()
    {
        var search = new BidirectionalSearch("A", "Z");
        search.Add(Direction.Forward, "A", ["Z", "Z", "A"]);
        search.CompleteLevel(Direction.Forward);

        Assert.Equal(1, search.Paths!.Count);
    }

    [Fact]
    public void Adding_what_was_not_asked_for_says_what_to_do()
    {
        var search = new BidirectionalSearch("A", "Z");
        search.Add(Direction.Forward, "A", ["B"]);

        Assert.Contains(
            "Add each title of Frontier", Assert.Throws<ArgumentException>(Again).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => search.Add(Direction.Forward, "B", []));
        void Again() => search.Add(Direction.Forward, "A", ["C"]);
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
            search.Add(Direction.Forward, $"{round}", middle);
            search.CompleteLevel(Direction.Forward);
            foreach (var page in middle) search.Add(Direction.Forward, page, [$"{round + 1}"]);
            search.CompleteLevel(Direction.Forward);
        }

        Assert.Equal(System.Numerics.BigInteger.Pow(100, Rounds), search.Paths!.Count);
        var paths = search.Paths.Enumerate().Take(1_000).Select(path => string.Join('|', path)).ToList();
        Assert.Equal(paths.Order(StringComparer.Ordinal), paths);
    }

    static ShortestPaths? Drive(BidirectionalSearch search, RandomWiki wiki, Random random)
    {
        while (!search.IsOver)
        {
            var direction = random.Next(2) == 0 ? Direction.Forward : Direction.Backward;
            var frontier = search.Frontier(direction).ToArray();
            random.Shuffle(frontier);
            foreach (var article in frontier)
            {
                search.Add(direction, article, direction == Direction.Forward
                    ? wiki.LinksOf(article)
                    : wiki.LinksTo(article));
            }
            search.CompleteLevel(direction);
        }
        return search.Paths;
    }
}
