using System.Net;
using Heddle;
using Heddle.Testing;
using WikiPath.MediaWiki;
using WikiPath.Sample;

namespace WikiPath.Tests.MediaWiki;

public sealed class MannersTests
{
    [Fact]
    public void Every_request_names_the_program_and_asks_for_patience_with_others()
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A:")));
        VirtualTime.Run(() => new ArticleFinder(TestWiki.Api(network)).FindAsync("A"));

        var request = Assert.Single(network.Sent);
        Assert.Matches(@"^WikiPath/\d+\.\d+\.\d+ \(.*contact: tests@example\.org\)", request.UserAgent);
        foreach (var parameter in new[] { "maxlag=5", "formatversion=2", "errorformat=plaintext", "format=json" })
        {
            Assert.Contains(parameter, request.Query, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_wide_level_is_read_with_four_requests_at_once_and_no_more()
    {
        var middle = Enumerable.Range(1, 400).Select(i => $"Middle {i}").ToArray();
        var ends = Enumerable.Range(1, 500).Select(i => $"End {i}").ToArray();
        var wiki = TestWiki.Of([
            $"Start: {string.Join(',', middle)}",
            .. middle.Select((page, i) => i == 123 ? $"{page}: End 1" : $"{page}:"),
            .. ends.Select(page => $"{page}: Goal"),
            "Goal:"]);
        var (now, most) = (0, 0);
        var network = new TestNetwork(new InMemoryWikiHandler(wiki))
        {
            OnRequest = async () =>
            {
                most = Math.Max(most, ++now);
                await Coroutine.Delay(TimeSpan.FromMilliseconds(50));
                now--;
            },
        };

        var paths = VirtualTime.Run(
            () => new PathFinder(new WikiLinkSource(TestWiki.Api(network)), "Start", "Goal").FindAsync(),
            new() { IdleGrace = TimeSpan.FromMilliseconds(250) });

        Assert.Equal(["Start", "Middle 124", "End 1", "Goal"], paths!.Enumerate().Single());
        Assert.Equal(4, most);
    }

    [Theory]
    [InlineData("wiki.example.org")]
    [InlineData("https://wiki.example.org")]
    public void A_host_is_asked_at_both_usual_places(string host)
    {
        Assert.True(WikiAddress.TryParse(host, out var address));
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A:"))).Then(HttpStatusCode.NotFound);
        var api = new WikiApi(WikiHttp.CreateClient(null, 4, network), address, new RetryPolicy());

        VirtualTime.Run(() => new ArticleFinder(api).FindAsync("A"));

        Assert.Equal(
            ["https://wiki.example.org/w/api.php", "https://wiki.example.org/api.php"],
            network.Sent.Select(request => request.Address.GetLeftPart(UriPartial.Path)));
    }
}
