using Heddle.Testing;
using WikiPath.Cli;
using WikiPath.MediaWiki;
using WikiPath.Sample;
using WikiPath.Tests.Cli;
using WikiPath.Tests.Search;

namespace WikiPath.Tests.MediaWiki;

/// <summary>Wikis on which something is switched off that the search would use: never a wrong answer.</summary>
public sealed class LackingWikiTests
{
    [Theory]
    [InlineData(WarningFormat.Disabled, "linkshere")]
    [InlineData(WarningFormat.WithCode, "linkshere")]
    [InlineData(WarningFormat.WithoutCode, "linkshere")]
    [InlineData(WarningFormat.Disabled, "redirects")]
    [InlineData(WarningFormat.WithCode, "redirects")]
    [InlineData(WarningFormat.WithoutCode, "redirects")]
    [InlineData(WarningFormat.WithCode, "linkshere", "redirects", "pageprops")]
    public void Without_what_links_to_a_page_the_search_goes_from_the_start_alone_and_finds_the_same(
        WarningFormat format, params string[] lacking)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var wiki = new RandomWiki(random, mostArticles: 150);
            var (distance, count) = PlainSearch.Run(wiki.From, wiki.To, wiki.LinksOf);
            var handler = new LackingWiki(
                new InMemoryWikiHandler(wiki.Content) { RowsPerAnswer = random.Next(1, 60) }, format, lacking);
            var told = 0;
            var finder =
                new PathFinder(new WikiLinkSource(TestWiki.Api(handler)), wiki.From, wiki.To) { OnOneSided = _ => told++ };

            var paths = VirtualTime.Run(finder.FindAsync);

            Assert.True(paths?.Distance == distance, $"Seed {seed}: {paths?.Distance}, not {distance}, links.");
            Assert.True((paths?.Count ?? 0) == count, $"Seed {seed}: {paths?.Count}, not {count}, paths.");
            Assert.InRange(told, 0, 1);
        }
    }

    [Fact]
    public void A_search_from_the_start_alone_is_remarked_on_once()
    {
        var run = Run(WarningFormat.Disabled, "linkshere");

        Assert.Equal((ExitCode.Found, "A -> B -> C -> D\n"), (run.ExitCode, run.Out));
        Assert.StartsWith(
            "wikipath: this wiki does not say what links to a page (linkshere): ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData(WarningFormat.Disabled)]
    [InlineData(WarningFormat.WithCode)]
    [InlineData(WarningFormat.WithoutCode)]
    public void Without_the_links_of_a_page_there_is_no_answer_but_a_word_on_it(WarningFormat format)
    {
        var run = Run(format, "links");

        Assert.Equal((ExitCode.WikiFailed, ""), (run.ExitCode, run.Out));
        Assert.Contains("did not understand 'links'", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("No path", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wiki_that_cannot_tell_a_disambiguation_page_is_searched_all_the_same() =>
        Assert.Equal(new CliRun(ExitCode.Found, "A -> B -> C -> D\n", ""), Run(WarningFormat.WithCode, "pageprops"));

    [Theory]
    [InlineData("""{"warnings":{"main":{"*":"Unrecognized parameters: 'formatversion', 'errorformat'"}},"query":{"pages":{"1":{"pageid":1,"ns":0,"title":"A"}}}}""")]
    [InlineData("""{"query-continue":{"links":{"plcontinue":"1|0|B"}},"query":{"pages":[{"pageid":1,"ns":0,"title":"A"}]}}""")]
    public void A_wiki_that_is_too_old_is_told_so(string answer)
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A:"))).ThenJson(answer);

        var run = CliRun.Of(new Surroundings { Network = network }, "A", "B", "--wiki", "wiki.example.org");

        Assert.Equal((ExitCode.WikiFailed, ""), (run.ExitCode, run.Out));
        Assert.Contains("too old: 1.26 is needed", run.Error, StringComparison.Ordinal);
    }

    static CliRun Run(WarningFormat format, params string[] lacking)
    {
        // So many pages link to D that the search would rather come from A.
        var wiki = new InMemoryWikiHandler(
            TestWiki.Of(["A: B", "B: C", "C: D", "D:", .. Enumerable.Range(0, 2000).Select(i => $"Fan {i}: D")]));
        return CliRun.Of(
            new Surroundings { Network = new LackingWiki(wiki, format, lacking) }, "A", "D", "--wiki", "wiki.example.org");
    }
}
