using System.Globalization;
using System.Net;
using Heddle;
using Heddle.Testing;
using WikiPath.MediaWiki;
using WikiPath.Sample;

namespace WikiPath.Tests.MediaWiki;

public sealed class RetryTests
{
    readonly TestNetwork _network = new(new InMemoryWikiHandler(TestWiki.Of("A:")));

    [Fact]
    public void Retry_After_is_waited_for_on_429_503_and_maxlag()
    {
        _network.Then(HttpStatusCode.TooManyRequests, headers: ("Retry-After", "7"))
            .Then(HttpStatusCode.ServiceUnavailable, headers: ("Retry-After", "20"))
            .ThenError("maxlag", ("Retry-After", "5"));

        Assert.InRange(LookUpA(), TimeSpan.FromSeconds(32), TimeSpan.FromSeconds(35));
        Assert.Equal(4, _network.Sent.Count);
    }

    [Fact]
    public void Retry_After_may_be_a_date() => VirtualTime.Run(async () =>
    {
        var later = EventLoop.Current.Clock.GetUtcNow() + TimeSpan.FromSeconds(30);
        var header = later.ToString("R", CultureInfo.InvariantCulture);
        _network.Then(HttpStatusCode.ServiceUnavailable, headers: ("Retry-After", header));
        var begun = EventLoop.Current.Now;

        await new ArticleFinder(TestWiki.Api(_network)).FindAsync("A");

        // A date in a header has no fractions of a second.
        Assert.InRange(EventLoop.Current.Now - begun, TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(31));
    });

    [Fact]
    public void Without_a_wish_the_waits_double_and_are_spread()
    {
        for (var i = 0; i < 4; i++) _network.ThenError("ratelimited");

        // 1 + 2 + 4 + 8 s, each between a half and the whole.
        Assert.InRange(LookUpA(), TimeSpan.FromSeconds(7.5), TimeSpan.FromSeconds(15));
        Assert.Equal(5, _network.Sent.Count);
    }

    [Fact]
    public void A_wish_to_pause_holds_for_the_requests_beside_it()
    {
        _network.Then(HttpStatusCode.TooManyRequests, headers: ("Retry-After", "60"));
        VirtualTime.Run(async () =>
        {
            var finder = new ArticleFinder(TestWiki.Api(_network));
            await TaskGroup.RunAsync(async group =>
            {
                _ = group.Start(finder.FindAsync("A"));
                await Coroutine.Delay(TimeSpan.FromSeconds(1));
                var begun = EventLoop.Current.Now;
                await finder.FindAsync("B");
                Assert.InRange(EventLoop.Current.Now - begun, TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(61));
            });
        });
    }

    [Fact]
    public void An_answer_cut_off_a_broken_connection_and_a_sign_in_page_are_tried_again()
    {
        _network.Then(HttpStatusCode.OK, """{"batchcomplete":true,"query":{"pa""", "application/json")
            .ThenFail(HttpRequestError.ConnectionError)
            .Then(HttpStatusCode.OK, "<!DOCTYPE html><title>Sign in</title>");

        LookUpA();

        Assert.Equal(4, _network.Sent.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wiki_that_was_never_heard_and_says_nothing_is_given_up_after_some_seconds(bool beginsToAnswer)
    {
        for (var i = 0; i < 8; i++) Hang(beginsToAnswer);

        VirtualTime.Run(async () =>
        {
            var begun = EventLoop.Current.Now;
            var failure = await Assert.ThrowsAsync<WikiException>(
                async () => await new ArticleFinder(TestWiki.Api(_network)).FindAsync("A"));
            Assert.Contains("no answer within 12 s. Tried 3 times in ", failure.Message, StringComparison.Ordinal);
            Assert.InRange(EventLoop.Current.Now - begun, TimeSpan.FromSeconds(24), TimeSpan.FromSeconds(26));
        });
        Assert.Equal(3, _network.Sent.Count);
    }

    [Fact]
    public void A_wiki_that_is_slow_to_begin_gets_longer_from_try_to_try()
    {
        _network.ThenHang().ThenHang();

        Assert.InRange(LookUpA(), TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(13));
        Assert.Equal(3, _network.Sent.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wiki_that_has_answered_before_is_waited_for_half_a_minute_each_time(bool beginsToAnswer) =>
        VirtualTime.Run(async () =>
        {
            var finder = new ArticleFinder(TestWiki.Api(_network));
            await finder.FindAsync("A");
            for (var i = 0; i < 4; i++) Hang(beginsToAnswer);
            var begun = EventLoop.Current.Now;

            Assert.Null((await finder.FindAsync("A"))[0].Problem);

            // And 1 + 2 + 4 + 8 s between them, each between a half and the whole.
            Assert.InRange(EventLoop.Current.Now - begun, TimeSpan.FromSeconds(127), TimeSpan.FromSeconds(136));
        });

    [Fact]
    public void A_wiki_that_said_that_it_is_busy_has_been_heard()
    {
        _network.Then(HttpStatusCode.ServiceUnavailable).ThenHang();

        Assert.InRange(LookUpA(), TimeSpan.FromSeconds(31), TimeSpan.FromSeconds(34));
    }

    [Fact]
    public void A_wiki_that_stays_down_fails_with_what_was_tried()
    {
        for (var i = 0; i < 8; i++) _network.Then(HttpStatusCode.ServiceUnavailable);

        var failure = Assert.Throws<WikiException>(() => LookUpA());

        Assert.Contains("HTTP status 503", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Tried 8 times in ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Try again later", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pause_longer_than_two_minutes_is_not_waited_for()
    {
        _network.Then(HttpStatusCode.TooManyRequests, headers: ("Retry-After", "3600"));

        var failure = Assert.Throws<WikiException>(() => LookUpA());

        Assert.Contains("asks to wait 3600 s", failure.Message, StringComparison.Ordinal);
        Assert.Single(_network.Sent);
    }

    [Fact]
    public void An_error_that_will_not_pass_is_not_tried_again()
    {
        _network.ThenError("readapidenied");

        Assert.Contains(
            "readapidenied", Assert.Throws<WikiException>(() => LookUpA()).Message, StringComparison.Ordinal);
        Assert.Single(_network.Sent);
    }

    void Hang(bool beginsToAnswer)
    {
        if (beginsToAnswer) _network.ThenHangAfterTheHead();
        else _network.ThenHang();
    }

    // How long it takes on the loop's clock.
    TimeSpan LookUpA() => VirtualTime.Run(async () =>
    {
        var begun = EventLoop.Current.Now;
        var found = await new ArticleFinder(TestWiki.Api(_network)).FindAsync("A");
        Assert.Null(found[0].Problem);
        return EventLoop.Current.Now - begun;
    });
}
