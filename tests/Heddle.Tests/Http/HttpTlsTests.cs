using System.Net;
using System.Net.Security;
using Heddle.Tests.Net;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

/// <summary>HTTPS, with a certificate that the client is told to trust.</summary>
public abstract class HttpTlsTests(WebServer server, HttpRoute route) : HttpTests(route), IClassFixture<WebServer>
{
    public sealed class OverLoop(WebServer server) : HttpTlsTests(server, HttpRoute.Loop);

    public sealed class OverPortablePoller(WebServer server) : HttpTlsTests(server, HttpRoute.PortableLoop);

    public sealed class OverSystem(WebServer server) : HttpTlsTests(server, HttpRoute.System);

    [Fact]
    public void Requests_are_answered_over_one_connection() => Run(async () =>
    {
        await using var http = Trusting();
        var connection = await http.GetStringAsync("connection");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(connection, await http.GetStringAsync("connection"));
        }

        Assert.Equal(300_000, (await http.GetStringAsync("big")).Length);
        using var body = new StringContent("body");
        Assert.EndsWith(" body", await (await http.PostAsync("echo", body)).ReadAsStringAsync());
        Assert.Equal(connection, await http.GetStringAsync("connection"));
    });

    [Fact]
    public void Many_at_once_speak_HTTP_2_over_one_connection() => Run(async () =>
    {
        await using var http = Trusting();
        var connections = await Coroutine.WhenAll(Enumerable.Range(0, 30).Select(_ => AskAsync()));
        Assert.Single(connections.Distinct());

        async Coroutine<string> AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "connection")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            var response = await http.SendAsync(request);
            Assert.Equal(HttpVersion.Version20, response.Version);
            return await response.ReadAsStringAsync();
        }
    });

    [Fact]
    public void Certificates_are_checked_off_the_loops_thread() => Run(async () =>
    {
        bool? isOnLoop = null;
        await using var http = new LoopHttpClient(new()
        {
            Transport = Transport,
            ConfigureHandler = handler => handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) =>
            {
                isOnLoop = EventLoop.IsRunning;
                return true;
            },
        });
        Assert.Equal("hello", await http.GetStringAsync(server.SecureAddress + "hello"));
        Assert.False(isOnLoop);
    });

    [Theory]
    [InlineData("localhost", 30)]
    [InlineData("127.0.0.1", -1)]
    [Trait("rule", "19")]
    public void A_certificate_that_does_not_fit_is_refused(string name, int validDays) => Run(async () =>
    {
        using var certificate = Certificates.SelfSigned(name, validDays);
        await using var raw = new RawServer(async connection => await connection.SpeakTlsAsync(certificate));
        await using var http = new LoopHttpClient(new() { Transport = Transport, ConfigureHandler = Trust(certificate) });
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(raw.SecureAddress));
        Assert.Equal(HttpRequestError.SecureConnectionError, failure.HttpRequestError);
        Assert.Contains("certificate", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    [Trait("rule", "10")]
    [Trait("rule", "13")]
    public void Cancelled_in_the_middle_of_the_handshake_the_connection_is_closed() => Run(async () =>
    {
        var hasBegun = new TaskCompletionSource();
        var isClosed = new TaskCompletionSource();
        await using var raw = new RawServer(async connection =>
        {
            await connection.ReadAsync(1);
            hasBegun.SetResult();
            await connection.WaitForCloseAsync();
            isClosed.SetResult();
        });
        await using var http = NewClient();
        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            _ = LoopTask.Start(async () =>
            {
                await hasBegun.Task;
                scope.Cancel();
            });
            await http.GetAsync(raw.SecureAddress);
        }));

        // The handler itself would go on with it: see the project file.
        await isClosed.Task;
        Assert.Equal("HTTP client (0 running)", http.ToString());
    });

    [Fact]
    public void An_answer_that_ends_with_its_connection_is_whole_only_after_TLSs_goodbye() => Run(async () =>
    {
        using var certificate = Certificates.SelfSigned("127.0.0.1");
        var saysGoodbye = true;
        await using var raw = new RawServer(async connection =>
        {
            await connection.SecureAsync(certificate);
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\n\r\ntransfer 100");
            if (saysGoodbye)
            {
                await connection.SayGoodbyeAsync();
            }
        });
        await using var http = new LoopHttpClient(new() { Transport = Transport, ConfigureHandler = Trust(certificate) });
        Assert.Equal("transfer 100", await http.GetStringAsync(raw.SecureAddress));

        // Somebody on the way has cut off the zero of 1000, and what follows.
        saysGoodbye = false;
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetStringAsync(raw.SecureAddress));
        Assert.Equal(HttpRequestError.ResponseEnded, failure.HttpRequestError);
        Assert.Contains("while reading the answer's body, without TLS's goodbye (close_notify)", failure.Message, StringComparison.Ordinal);

        // What came is there for who knows that it is whole.
        var pieces = new List<byte>();
        await using var response = await http.StreamAsync(raw.SecureAddress);
        await ThrowsAsync<LoopHttpException>(async () =>
        {
            await foreach (var piece in response.ReadChunksAsync())
            {
                pieces.AddRange(piece.Span);
            }
        });
        Assert.Equal("transfer 100"u8.ToArray(), pieces);
    });

    [Fact]
    public void An_answer_that_says_where_it_ends_needs_no_goodbye_and_a_connection_that_is_cut_while_idle_is_replaced() => Run(async () =>
    {
        using var certificate = Certificates.SelfSigned("127.0.0.1");
        await using var raw = new RawServer(async connection =>
        {
            await connection.SecureAsync(certificate);
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        });
        await using var http = new LoopHttpClient(new() { Transport = Transport, ConfigureHandler = Trust(certificate) });
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("hi", await http.GetStringAsync(raw.SecureAddress));
        }

        Assert.Equal(5, raw.Connections);
    });

    private LoopHttpClient Trusting() => new(new()
    {
        Transport = Transport,
        BaseAddress = new(server.SecureAddress),
        ConfigureHandler = Trust(server.Certificate),
    });

    private static Action<SocketsHttpHandler> Trust(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
        => handler => handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Certificates.Trusting(certificate) };
}
