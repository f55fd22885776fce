using System.Net;
using Heddle;
using Heddle.Testing;
using WikiPath.Cli;
using WikiPath.MediaWiki;
using WikiPath.Sample;
using WikiPath.Tests.Cli;

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

    [Theory]
    [InlineData("me@example.org", "me@example.org")]
    [InlineData("  https://example.org/~me?a=b%20c \r\n", "https://example.org/~me?a=b%20c")]
    [InlineData("почта@пример.рф", "%D0%BF%D0%BE%D1%87%D1%82%D0%B0@%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.%D1%80%D1%84")]
    [InlineData("Ann \"Q\" (at home <ann@example.org>; or \\", "Ann \"Q\" %28at home <ann@example.org>; or %5C")]
    public void A_contact_in_any_letters_comes_through(string contact, string sent)
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A:", "B:")));

        var run = CliRun.Of(new Surroundings { Network = network, Contact = contact }, "A", "A", "--wiki", "wiki.example.org");

        Assert.Equal("", run.Error);
        Assert.Contains($"; contact: {sent}) ", network.Sent[0].UserAgent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("me@example.org\nX-Other: header")]
    [InlineData("me@example.org\r\n\tand more")]
    [InlineData("me\0@example.org")]
    public void A_contact_that_no_header_can_hold_is_refused_before_anything_is_sent(string contact)
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A:")));

        var run = CliRun.Of(new Surroundings { Network = network, Contact = contact }, "A", "A", "--wiki", "wiki.example.org");

        Assert.Equal((ExitCode.WrongInput, ""), (run.ExitCode, run.Out));
        Assert.Contains("WIKIPATH_CONTACT", run.Error, StringComparison.Ordinal);
        Assert.Empty(network.Sent);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, null, "set WIKIPATH_CONTACT")]
    [InlineData(HttpStatusCode.Forbidden, "me@example.org", "API may be closed")]
    [InlineData(HttpStatusCode.Unauthorized, null, "asks for a log-in")]
    public void A_contact_is_advised_only_where_it_can_help(HttpStatusCode status, string? contact, string advice)
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A:"))).Then(status);

        var run = CliRun.Of(new Surroundings { Network = network, Contact = contact }, "A", "B", "--wiki", "wiki.example.org");

        Assert.Equal(ExitCode.WikiFailed, run.ExitCode);
        Assert.Contains(advice, run.Error, StringComparison.Ordinal);
        Assert.Equal(
            advice.Contains("CONTACT", StringComparison.Ordinal),
            run.Error.Contains("WIKIPATH_CONTACT", StringComparison.Ordinal));
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
