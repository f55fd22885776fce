using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

[Trait("rule", "11")]
public abstract class HttpTimeoutTests(HttpRoute route) : HttpTests(route)
{
    public sealed class OverLoop() : HttpTimeoutTests(HttpRoute.Loop);

    public sealed class OverPortablePoller() : HttpTimeoutTests(HttpRoute.PortableLoop);

    public sealed class OverSystem() : HttpTimeoutTests(HttpRoute.System);

    [Theory]
    [InlineData("", "waiting for the answer's headers")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", "reading the answer's body")]
    [Trait("pitfall", "5")]
    public void A_silent_server_ends_its_own_request_and_the_connection_is_closed(string part, string says) => RunIntoTimeouts(async () =>
    {
        var isClosed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(part);
            await connection.WaitForCloseAsync();
            isClosed.SetResult();
        });
        await using var http = new LoopHttpClient(new() { Transport = Transport, Timeout = Second * 7 });
        var failure = await ThrowsAsync<TimeoutException>(async () => await http.GetAsync(server.Address));
        Assert.InRange(EventLoop.Current.Now, Second * 7, Second * 14);
        Assert.Contains("got nothing for 7 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        Assert.False(CancelScope.Current.IsCanceled);
        await isClosed.Task;
    }, grace: Second);

    [Fact]
    public void A_request_may_have_its_own_timeout() => RunIntoTimeouts(async () =>
    {
        await using var http = Silent();
        await ThrowsAsync<TimeoutException>(async () => await http.GetAsync("http://somewhere/", timeout: Second));
        Assert.Equal(Second, EventLoop.Current.Now);
        await ThrowsAsync<TimeoutException>(async () => await http.PostAsync("http://somewhere/", timeout: Second * 2));
        Assert.Equal(Second * 3, EventLoop.Current.Now);
        await ThrowsAsync<TimeoutException>(async () => await http.GetAsync("http://somewhere/"));
        Assert.Equal(Second * 33, EventLoop.Current.Now);
        await ThrowsAsync<ArgumentOutOfRangeException>(async () => await http.GetAsync("http://somewhere/", TimeSpan.Zero));
    });

    [Fact]
    [Trait("pitfall", "5")]
    public void The_timeout_of_a_scope_around_it_is_the_scopes() => RunIntoTimeouts(async () =>
    {
        await using var http = Silent();
        var failure = await ThrowsAsync<TimeoutException>(async () => await http.GetAsync("http://somewhere/").WithTimeout(Second));
        Assert.DoesNotContain("http", failure.Message, StringComparison.Ordinal);
        Assert.True((await CancelScope.MoveOnAfterAsync(Second, async _ => await http.GetAsync("http://somewhere/"))).IsCanceled);
        Assert.Equal(Second * 2, EventLoop.Current.Now);
    });

    [Fact]
    public void An_answer_that_drips_is_no_silence() => RunIntoTimeouts(async () =>
    {
        await using var http = new LoopHttpClient(new()
        {
            Timeout = Second * 3,
            Handler = new Answering(_ => new HttpResponseMessage { Content = new StreamContent(new DrippingStream(drops: 4)) }),
        });
        Assert.Equal("xxxx", await http.GetStringAsync("http://somewhere/"));
        Assert.Equal(Second * 8, EventLoop.Current.Now);
    }, grace: Second / 4);

    [Fact]
    public void A_long_upload_that_goes_on_is_no_silence() => RunIntoTimeouts(async () =>
    {
        await using var http = new LoopHttpClient(new()
        {
            Timeout = Second * 3,
            Handler = new Answering(async (request, token) =>
            {
                await request.Content!.CopyToAsync(Stream.Null, token);
                return new();
            }),
        });
        using var body = new StreamContent(new DrippingStream(drops: 4), bufferSize: 1);
        await http.PostAsync("http://somewhere/", body);
        Assert.Equal(Second * 8, EventLoop.Current.Now);
    }, grace: Second / 4);

    [Fact]
    public void The_timeout_of_a_given_HttpClient_reads_as_one() => Run(async () =>
    {
        // Real: it is the HttpClient's own clock.
        using var inner = new HttpClient(new Answering((_, token) => NeverAsync(token))) { Timeout = TimeSpan.FromMilliseconds(20) };
        await using var http = new LoopHttpClient(inner);
        Assert.Contains("limit", (await ThrowsAsync<TimeoutException>(async () => await http.GetAsync("http://somewhere/"))).Message, StringComparison.Ordinal);
    });

    private static LoopHttpClient Silent() => new(new() { Handler = new Answering((_, token) => NeverAsync(token)) });

    private static Task<HttpResponseMessage> NeverAsync(CancellationToken token)
        => new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(token);

    /// <summary>A byte every two seconds of the loop's time.</summary>
    private sealed class DrippingStream(int drops) : MemoryStream
    {
        private int _left = drops;

        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left-- <= 0)
            {
                return 0;
            }

            await Coroutine.Delay(Second * 2);
            buffer.Span[0] = (byte)'x';
            return 1;
        }

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => CopyAllAsync(destination, cancellationToken);

        private async Task CopyAllAsync(Stream destination, CancellationToken token)
        {
            var one = new byte[1];
            while (await ReadAsync(one, token) > 0)
            {
                await destination.WriteAsync(one, token);
            }
        }
    }
}
