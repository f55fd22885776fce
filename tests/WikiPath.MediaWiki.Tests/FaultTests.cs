using WikiPath.Cli;
using WikiPath.MediaWiki;
using WikiPath.Tests.Search;

namespace WikiPath.MediaWiki.Tests;

/// <summary>A wiki that misbehaves, as settings.php makes it.</summary>
public sealed class FaultTests
{
    // As the program's own, but for the waits, which are too long for a test.
    static readonly RetryPolicy s_retries = new()
    {
        Attempts = 12,
        SilentAttempts = 12,    // chance may have it hang from the first request on
        FirstDelay = TimeSpan.FromMilliseconds(200),
        AttemptTimeout = TimeSpan.FromSeconds(2),
    };

    [Theory]
    [InlineData("429")]
    [InlineData("503")]
    [InlineData("maxlag")]
    [InlineData("ratelimited")]
    [InlineData("html")]
    [InlineData("truncate")]
    [InlineData("gzip")]
    [InlineData("hang")]
    public void With_three_faults_in_ten_requests_the_answers_are_the_same(string kind)
    {
        var graph = RealWiki.RequireGraph();
        var random = new Random(30);
        using var faults = RealWiki.Misbehave(kind, 30);
        using var messages = new StringWriter();
        // A pair may take few requests, and chance may spare them all.
        for (var pair = 0; pair < 3 || FaultsMet(messages) < 5; pair++)
        {
            Assert.InRange(pair, 0, 50);
            var ends = random.GetItems(graph.Articles.ToArray(), 2);
            var (distance, count) = PlainSearch.Run(ends[0], ends[1], graph.LinksOf);

            Assert.Equal((distance, $"{count}"), RealWiki.Run(s_retries, ends, messages));
        }
    }

    [Theory]
    [InlineData("linkshere")]
    [InlineData("redirects")]
    public void With_a_module_switched_off_the_answers_are_the_same(string module)
    {
        var graph = RealWiki.RequireGraph();
        var random = new Random(31);
        using var faults = RealWiki.Misbehave($"without {module}", 100);
        for (var pair = 0; pair < 10; pair++)
        {
            var ends = random.GetItems(graph.Articles.ToArray(), 2);
            var (distance, count) = PlainSearch.Run(ends[0], ends[1], graph.LinksOf);

            Assert.Equal((distance, $"{count}"), RealWiki.Run(s_retries, ends));
        }
    }

    [Theory]
    [InlineData("429", "HTTP status 429")]
    [InlineData("503", "HTTP status 503")]
    [InlineData("maxlag", "maxlag")]
    [InlineData("ratelimited", "ratelimited")]
    [InlineData("html", "not JSON")]
    [InlineData("truncate", "cut off")]
    [InlineData("gzip", "garbled")]
    [InlineData("hang", "no answer within 1 s")]
    public void A_wiki_that_stays_down_fails_with_what_was_tried(string kind, string what)
    {
        RealWiki.RequireGraph();
        using var faults = RealWiki.Misbehave(kind, 100);
        using var messages = new StringWriter();
        var retries = new RetryPolicy
        {
            Attempts = 3,
            FirstDelay = TimeSpan.FromMilliseconds(50),
            AttemptTimeout = TimeSpan.FromSeconds(1),
        };

        var exitCode = CliProgram.Run(
            ["Python", "Unix", "--wiki", RealWiki.Api],
            new CliHost { Out = messages, Error = messages, Retries = retries });

        Assert.Equal(ExitCode.WikiFailed, exitCode);
        Assert.Contains(what, messages.ToString(), StringComparison.Ordinal);
        Assert.Contains("Tried 3 times in", messages.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("..", messages.ToString(), StringComparison.Ordinal);
    }

    static int FaultsMet(StringWriter messages) => messages.ToString().Split("trying again in").Length - 1;
}
