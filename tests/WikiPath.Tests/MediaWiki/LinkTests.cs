using Heddle;
using Heddle.Testing;
using WikiPath.MediaWiki;
using WikiPath.Sample;
using WikiPath.Search;
using Links = System.Collections.Generic.IReadOnlyDictionary<
    string, System.Collections.Generic.IReadOnlySet<string>>;

namespace WikiPath.Tests.MediaWiki;

public sealed class LinkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(500)]
    public void On_random_wikis_both_directions_read_the_same_links_whatever_an_answer_holds(int rowsPerAnswer)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var wiki = new RandomWiki(new Random(seed), mostArticles: 12);
            var articles = wiki.Articles.ToList();
            var (forward, backward) = Read(wiki.Content, rowsPerAnswer, articles);

            foreach (var article in articles)
            {
                // A link of an article to itself is stored only by way of a redirect, and is of no use.
                Assert.Equal(
                    wiki.LinksOf(article).Except([article]).Order(), forward[article].Except([article]).Order());
                Assert.Equal(
                    wiki.LinksTo(article).Except([article]).Order(), backward[article].Except([article]).Order());
            }
        }
    }

    [Fact]
    public void A_link_to_a_redirect_is_a_link_to_its_target_in_both_directions()
    {
        var wiki = TestWiki.Of("A: Second", "B:", "Second => First", "First => B");

        var (forward, backward) = Read(wiki, 500, ["A", "B"]);

        Assert.Equal(["B"], forward["A"]);
        Assert.Equal(["A"], backward["B"]);
    }

    [Fact]
    public void Links_to_missing_pages_and_circles_of_redirects_are_dropped()
    {
        var wiki = TestWiki.Of("A: Nothing, Round, B", "B:", "Round => About", "About => Round");

        Assert.Equal(["B"], Read(wiki, 500, ["A"]).Forward["A"]);
    }

    [Fact]
    public void Many_targets_are_looked_up_as_targets_and_not_by_name()
    {
        var targets = Enumerable.Range(1, 400).Select(i => $"Target {i}").ToArray();
        var network = new TestNetwork(new InMemoryWikiHandler(
            TestWiki.Of([$"A: {string.Join(',', targets)}", .. targets.Select(target => $"{target}:")])));

        var links =
            VirtualTime.Run(() => new WikiLinkSource(TestWiki.Api(network)).ReadAllAsync(Direction.Forward, ["A"]));

        Assert.Equal(400, links["A"].Count);
        Assert.Equal(2, network.Sent.Count);    // by name it would be one and eight
    }

    [Fact]
    public void What_is_known_is_not_looked_up_again()
    {
        var network =
            new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A: B, R, Nothing", "B: B, R, Nothing", "R => B")));

        VirtualTime.Run(async () =>
        {
            var source = new WikiLinkSource(TestWiki.Api(network));
            await source.ReadAllAsync(Direction.Forward, ["A"]);
            var links = await source.ReadAllAsync(Direction.Forward, ["B"]);
            Assert.Equal(["B"], links["B"]);
        });

        Assert.Equal(3, network.Sent.Count);
    }

    [Fact]
    public void A_batch_with_long_titles_goes_as_POST_and_a_short_one_as_GET()
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A:")));
        var longTitles = Enumerable.Range(1, 50).Select(i => $"Очень длинное название номер {i}").ToList();

        VirtualTime.Run(async () =>
        {
            var source = new WikiLinkSource(TestWiki.Api(network));
            await source.ReadAllAsync(Direction.Forward, ["A"]);
            await source.ReadAllAsync(Direction.Forward, longTitles);
        });

        Assert.Equal([HttpMethod.Get, HttpMethod.Post], network.Sent.Select(request => request.Method));
        Assert.Contains("номер 49|Очень длинное название номер 50", network.Sent[1].Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public void Crossings_are_the_links_between_two_sets_by_whatever_name(int rowsPerAnswer)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var wiki = new RandomWiki(random, mostArticles: 12);
            var sources = wiki.Articles.Where(_ => random.Next(2) == 0).ToList();
            var targets = wiki.Articles.Except(sources).ToList();
            if (sources.Count == 0 || targets.Count == 0) continue;
            var api = TestWiki.Api(new InMemoryWikiHandler(wiki.Content) { RowsPerAnswer = rowsPerAnswer });

            var crossings = VirtualTime.Run(() => new WikiLinkSource(api).CrossAsync(sources, targets));

            Assert.Equal(
                sources.SelectMany(source => wiki.LinksOf(source).Intersect(targets).Select(target => (source, target)))
                    .Order(),
                crossings.Links.Order());
            Assert.Equal(api.Requests, crossings.Requests);
        }
    }

    static (Links Forward, Links Backward) Read(
        WikiContent wiki, int rowsPerAnswer, IReadOnlyList<string> articles)
    {
        var source = new WikiLinkSource(TestWiki.Api(new InMemoryWikiHandler(wiki) { RowsPerAnswer = rowsPerAnswer }));
        return VirtualTime.Run(async () =>
        {
            var forward = await source.ReadAllAsync(Direction.Forward, articles);
            return (forward, await source.ReadAllAsync(Direction.Backward, articles));
        });
    }
}
