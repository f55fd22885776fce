using System.Text.Json;
using Heddle;
using Heddle.Testing;
using WikiPath.MediaWiki;
using WikiPath.Sample;
using WikiPath.Search;

namespace WikiPath.Tests.MediaWiki;

public sealed class ContinuationTests
{
    [Theory]
    [InlineData("1|B")]
    [InlineData("1|B", "1|C")]
    [InlineData("1|B", "1|C", "1|D", "1|C")]
    [InlineData("1|B", "1|C", "1|D", "1|E")]
    public void A_wiki_that_leads_back_to_where_it_was_is_told_so_instead_of_asked_for_ever(params string[] marks)
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A:")));
        for (var i = 0; i < 100; i++)
        {
            network.ThenJson(JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["continue"] = new Dictionary<string, string> { ["rdcontinue"] = marks[i % marks.Length], ["continue"] = "||linkshere" },
                ["query"] = new Dictionary<string, object>(),
            }));
        }

        var failure = Assert.Throws<WikiException>(() => VirtualTime.Run(
            () => new WikiLinkSource(TestWiki.Api(network)).ReadAllAsync(Direction.Backward, ["A"])));

        Assert.Contains("where it already was", failure.Message, StringComparison.Ordinal);
        Assert.InRange(network.Sent.Count, 2, marks.Length + 1);
    }

    [Fact]
    public void A_mark_that_comes_twice_counts_as_it_comes_last()
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A:")));
        network.ThenJson("""{"continue":{"rdcontinue":"1|B","rdcontinue":"1|C","continue":"||"},"query":{}}""");
        network.ThenJson("""{"query":{}}""");

        VirtualTime.Run(() => new WikiLinkSource(TestWiki.Api(network)).ReadAllAsync(Direction.Backward, ["A"]));

        Assert.Contains("rdcontinue=1%7CC", network.Sent[1].Address.Query, StringComparison.Ordinal);
    }
}
