using System.Net;
using System.Net.Sockets;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

/// <summary>What goes wrong between two real sockets, and what the error says of it.</summary>
[Trait("rule", "19")]
public abstract class HttpFailureTests(HttpRoute route) : HttpTests(route)
{
    public sealed class OverLoop() : HttpFailureTests(HttpRoute.Loop);

    public sealed class OverPortablePoller() : HttpFailureTests(HttpRoute.PortableLoop);

    public sealed class OverSystem() : HttpFailureTests(HttpRoute.System);

    [Fact]
    public void Nobody_listens() => Run(async () =>
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}/a?key=secret";
        listener.Stop();
        var failure = await FailureOfAsync(address);
        Assert.Equal(HttpRequestError.ConnectionError, failure.HttpRequestError);
        Assert.Contains("nobody listens at 127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.StartsWith("GET http://127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void The_name_is_unknown() => Run(async () =>
        Assert.Contains("'no-such-host.invalid' could not be resolved", (await FailureOfAsync("http://user:word@no-such-host.invalid/")).Message, StringComparison.Ordinal));

    [Fact]
    public void A_body_that_no_array_holds_fails_without_a_limit_too() => Run(async () =>
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Array.MaxLength + 1L}\r\n\r\nand the rest never comes");
            await connection.WaitForCloseAsync();
        });
        await using var http = new LoopHttpClient(new() { Transport = Transport, MaxBufferedBytes = int.MaxValue });
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(server.Address));
        Assert.Contains($"longer than {Array.MaxLength} bytes", failure.Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("", "closed the connection while sending the request and waiting for the answer's headers")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", "closed the connection")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", "closed the connection while reading the answer's body")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123", "closed the connection while reading the answer's body")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n123", "no valid HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n12345", "could not be decompressed")]
    [InlineData("220 mail.example.org ESMTP ready\r\n", "no valid HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", null)]
    public void The_answer_is_cut_short_or_garbage(string answer, string? says) => Run(async () =>
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(answer);
        });
        await using var http = NewClient();
        if (says is null)
        {
            // A length that is none is as good as no length: the body ends with the connection.
            Assert.Equal("", await http.GetStringAsync(server.Address));
            return;
        }

        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetStringAsync(server.Address));
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        Assert.Equal("HTTP client (0 running)", http.ToString());
    });

    [Fact]
    public void The_server_closes_each_connection_in_good_order_before_it_answers() => Run(async () =>
    {
        const byte Headers = 1;
        byte[] settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        byte[] goAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, .. new byte[8]];
        await using var server = new RawServer(async connection =>
        {
            await connection.SendAsync(settings);
            await connection.ReadToFrameAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length, Headers);
            await connection.SendAsync(goAway);
            await connection.WaitForCloseAsync();
        });
        await using var http = NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.SendAsync(request));
        Assert.Equal(HttpRequestError.HttpProtocolError, failure.HttpRequestError);
        Assert.Contains("has closed its connection in good order (GOAWAY) while sending the request", failure.Message, StringComparison.Ordinal);
        Assert.True(server.Connections > 1);
    });

    [Theory]
    [InlineData("GET", 6)]
    [InlineData("DELETE", 6)]
    [InlineData("POST", 4)]
    public void The_server_closes_five_connections_in_good_order_before_it_answers_and_what_may_be_done_twice_does_not_fail(string method, int connections) => Run(async () =>
    {
        const byte Headers = 1;
        byte[] settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        byte[] goAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, .. new byte[8]];
        byte[] success = [0, 0, 1, Headers, 5, 0, 0, 0, 1, 0x88];
        var count = 0;
        await using var server = new RawServer(async connection =>
        {
            await connection.SendAsync(settings);
            await connection.ReadToFrameAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length, Headers);
            await connection.SendAsync(Interlocked.Increment(ref count) > 5 ? success : goAway);
            await connection.WaitForCloseAsync();
        });
        await using (var http = NewClient())
        {
            using var request = new HttpRequestMessage(new(method), server.Address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            if (method == "POST")
            {
                await ThrowsAsync<LoopHttpException>(async () => await http.SendAsync(request));
            }
            else
            {
                Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(request)).StatusCode);
            }
        }

        Assert.Equal(connections, server.Connections);
    });

    [Fact]
    public void The_connection_is_reset_in_the_middle_of_the_body() => Run(async () =>
    {
        var isRead = new SemaphoreSlim(0);
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
            await isRead.WaitAsync();
            connection.Reset();
        });
        await using var http = NewClient();
        await using var response = await http.StreamAsync(server.Address);
        var failure = await ThrowsAsync<LoopHttpException>(async () =>
        {
            await foreach (var _ in response.ReadChunksAsync())
            {
                isRead.Release();
            }
        });
        Assert.Contains("while reading the answer's body", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Repeat the request", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void The_port_does_not_speak_TLS() => Run(async () =>
    {
        await using var server = new RawServer(async connection => await connection.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"));
        var failure = await FailureOfAsync(server.Address.Replace("http:", "https:", StringComparison.Ordinal));
        Assert.Equal(HttpRequestError.SecureConnectionError, failure.HttpRequestError);
        Assert.Contains("does not speak TLS", failure.Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("items", "no BaseAddress")]
    [InlineData("/items", "no BaseAddress")]
    [InlineData("ftp://127.0.0.1/", "scheme 'ftp'")]
    [InlineData("http://", "no address")]
    public void The_address_is_none(string address, string says) => Run(async () =>
    {
        await using var http = NewClient();
        var failure = await ThrowsAsync<ArgumentException>(async () => await http.GetAsync(address));
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        Assert.Equal("HTTP client (0 running)", http.ToString());
    });

    [Fact]
    public void An_option_is_out_of_its_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopHttpClient(new() { Timeout = TimeSpan.Zero }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopHttpClient(new() { MaxRedirects = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopHttpClient(new() { MaxConnectionsPerServer = 0 }));
        Assert.Throws<ArgumentException>(() => new LoopHttpClient(new() { BaseAddress = new("items", UriKind.Relative) }));
    }

    [Fact]
    [Trait("rule", "8")]
    [Trait("pitfall", "3")]
    public void A_cancellation_that_a_handler_made_up_is_a_failure_and_not_ones_own() => Run(async () =>
    {
        await using var http = new LoopHttpClient(new() { Handler = new Answering(_ => throw new TaskCanceledException("made up")) });
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync("http://somewhere/"));
        Assert.Contains("made up", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void What_is_not_of_HTTP_is_passed_on_as_it_is() => Run(async () =>
    {
        var bug = new FormatException("a bug of the handler's");
        await using var http = new LoopHttpClient(new() { Handler = new Answering(_ => throw bug) });
        Assert.Same(bug, await ThrowsAsync<FormatException>(async () => await http.GetAsync("http://somewhere/")));
        Assert.Equal("HTTP client (0 running)", http.ToString());
    });

    private async Coroutine<LoopHttpException> FailureOfAsync(string address)
    {
        await using var http = NewClient();
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(address));
        Assert.DoesNotContain("word@", failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
