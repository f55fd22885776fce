using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Heddle.Tests.Net;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

/// <summary>A server's certificate whose issuer has to be looked for, at an address that never answers; directly and in a proxy's tunnel.</summary>
public abstract class HttpCertificateDownloadTests(HttpRoute route) : HttpTests(route)
{
    public sealed class OverLoop() : HttpCertificateDownloadTests(HttpRoute.Loop);

    public sealed class OverPortablePoller() : HttpCertificateDownloadTests(HttpRoute.PortableLoop);

    public sealed class OverSystem() : HttpCertificateDownloadTests(HttpRoute.System);

    /// <summary>A policy of the user's that has issuers downloaded.</summary>
    private static X509ChainPolicy Downloading => new() { RevocationMode = X509RevocationMode.NoCheck, UrlRetrievalTimeout = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nobody_is_asked_for_the_issuer(bool inTunnel) => Run(async () =>
    {
        using var issuer = new SlowIssuer();
        using var certificate = Certificates.IssuedElsewhere("localhost", issuer.Address);
        await using var server = new RawServer(connection => connection.SpeakTlsAsync(Showing(certificate)));
        await using var proxy = new ConnectProxy();
        await using var http = NewClient(inTunnel ? proxy : null, new());

        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(server.SecureAddress));

        Assert.Equal(HttpRequestError.SecureConnectionError, failure.HttpRequestError);
        Assert.Equal(inTunnel ? 1 : 0, proxy.Connections);
        Assert.Equal(0, issuer.Count);
    });

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void While_a_policy_has_the_issuer_asked_the_loop_goes_on_and_the_request_can_be_ended(bool inTunnel, bool byTimeout)
        => RunIntoTimeouts(
            async () =>
            {
                using var issuer = new SlowIssuer();
                using var certificate = Certificates.IssuedElsewhere("localhost", issuer.Address);
                await using var server = new RawServer(connection => connection.SpeakTlsAsync(Showing(certificate)));
                await using var other = new RawServer(async connection =>
                {
                    await connection.ReadHeadAsync();
                    await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                    await connection.WaitForCloseAsync();
                });
                await using var proxy = new ConnectProxy();
                await using var http = NewClient(inTunnel ? proxy : null, new() { CertificateChainPolicy = Downloading });
                await using var direct = NewClient();
                var asking = LoopTask.Start(http.GetAsync(server.SecureAddress), "asking");

                await HappensAsync(issuer.Asked);
                Assert.Equal("hello", await direct.GetStringAsync(other.Address));
                Assert.False(asking.IsCompleted);

                if (byTimeout)
                {
                    await ThrowsAsync<TimeoutException>(async () => await asking);
                }
                else
                {
                    asking.Cancel("enough");
                    await ThrowsAsync<LoopTaskCanceledException>(async () => await asking);
                }

                Assert.True(issuer.IsAwaited);
            },
            TimeSpan.FromSeconds(3));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_a_tunnel_requests_are_answered_over_one_connection(bool isVersion2) => Run(async () =>
    {
        await using var server = new WebServer();
        await server.InitializeAsync();
        await using var proxy = new ConnectProxy();
        await using var http = NewClient(proxy, new() { CertificateChainPolicy = Certificates.Trusting(server.Certificate) });
        var first = await AskAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(first, await AskAsync());
        }

        Assert.Equal(1, proxy.Connections);

        async Coroutine<string> AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, server.SecureAddress + "connection")
            {
                Version = new(isVersion2 ? 2 : 1, isVersion2 ? 0 : 1),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            return await (await http.SendAsync(request)).ReadAsStringAsync();
        }
    });

    [Fact]
    public void A_tunnel_that_stands_does_not_wait_for_the_handshakes_of_others() => Run(async () =>
    {
        // As many as are let on at once, and more.
        var count = Math.Max(8, 2 * Environment.ProcessorCount) + 1;
        var mayGoOn = new TaskCompletionSource();
        var checking = 0;
        await using var server = new WebServer();
        await server.InitializeAsync();
        await using var proxy = new ConnectProxy();
        await using var http = NewClient(proxy, new() { CertificateChainPolicy = Certificates.Trusting(server.Certificate) });
        await AskAsync(http);
        await using var blocked = NewClient(null, new()
        {
            RemoteCertificateValidationCallback = (_, _, _, _) =>
            {
                Interlocked.Increment(ref checking);
                mayGoOn.Task.Wait();
                return true;
            },
        });
        var others = Enumerable.Range(0, count).Select(_ => LoopTask.Start(blocked.GetStringAsync(server.SecureAddress + "hello"))).ToList();
        try
        {
            if (Transport == HttpTransport.Loop)
            {
                await HappensAsync(Task.Run(async () =>
                {
                    while (Volatile.Read(ref checking) < count - 1)
                    {
                        // Real: threads of the pool come one after the other.
                        await Task.Delay(5);
                    }
                }));
            }

            await AskAsync(http);
        }
        finally
        {
            mayGoOn.SetResult();
        }

        foreach (var other in others)
        {
            try
            {
                Assert.Equal("hello", await other);
            }
            catch (LoopHttpException)
            {
                // The server gives a handshake ten seconds, which a busy machine may need for all of them.
            }
        }

        async Coroutine AskAsync(LoopHttpClient client)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, server.SecureAddress + "hello")
            {
                Version = new(2, 0),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            Assert.Equal("hello", await (await client.SendAsync(request)).ReadAsStringAsync());
        }
    });

    [Fact]
    public void A_client_asks_nobody_for_the_issuer_of_its_own_certificate() => Run(async () =>
    {
        using var issuer = new SlowIssuer();
        using var own = Certificates.SelfSigned("127.0.0.1");
        using var certificate = Certificates.IssuedElsewhere("somebody", issuer.Address);
        string? shown = null;
        await using var server = new RawServer(connection => connection.SpeakTlsAsync(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true),
            ClientCertificateRequired = true,
            CertificateChainPolicy = new() { DisableCertificateDownloads = true },
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                shown = certificate?.Subject;
                return false;
            },
        }));
        await using var http = NewClient(null, new() { ClientCertificates = [certificate], RemoteCertificateValidationCallback = (_, _, _, _) => true });

        await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(server.SecureAddress));

        Assert.Equal("CN=somebody", shown);
        Assert.Equal(0, issuer.Count);
    });

    private LoopHttpClient NewClient(ConnectProxy? proxy, SslClientAuthenticationOptions tls) => new(new()
    {
        Transport = Transport,
        UseProxy = proxy is not null,
        ConfigureHandler = handler =>
        {
            handler.Proxy = proxy?.Proxy;
            handler.SslOptions = tls;
        },
    });

    private static SslServerAuthenticationOptions Showing(X509Certificate2 certificate)
        => new() { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) };
}
