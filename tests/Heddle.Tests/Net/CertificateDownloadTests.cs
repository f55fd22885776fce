using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Heddle.LowLevel;
using Heddle.Tests.Http;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>A certificate whose issuer has to be looked for, at an address that never answers.</summary>
public abstract class CertificateDownloadTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : CertificateDownloadTests(Pollers.Epoll);

    public sealed class OnSockets() : CertificateDownloadTests(Pollers.Sockets);

    /// <summary>A policy of the user's that has issuers downloaded.</summary>
    private static X509ChainPolicy Downloading => new() { RevocationMode = X509RevocationMode.NoCheck, UrlRetrievalTimeout = TimeSpan.FromSeconds(60) };

    [Fact]
    public void A_client_asks_nobody_for_the_issuer_of_a_servers_certificate() => Run(async () =>
    {
        using var issuer = new SlowIssuer();
        using var certificate = Certificates.IssuedElsewhere("localhost", issuer.Address);
        await using var server = new RawServer(connection => connection.SpeakTlsAsync(Showing(certificate)));

        var failure = await ThrowsAsync<ConnectionException>(async () => await ConnectAsync(server, new()));

        Assert.Contains("its issuer is unknown here", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, issuer.Count);
    });

    [Fact]
    public void A_server_asks_nobody_for_the_issuer_of_a_clients_certificate() => Run(async () =>
    {
        using var issuer = new SlowIssuer();
        using var own = Certificates.SelfSigned("localhost");
        using var certificate = Certificates.IssuedElsewhere("somebody", issuer.Address);
        await using var server = TcpServer.Start(AnyPort, Unwanted, new() { Tls = new() { ServerCertificate = own, ClientCertificateRequired = true } });

        await ShowAsync(server.Port, certificate).OrCanceled();

        Assert.Contains("its issuer is unknown here", Assert.Single(Reports).Exception!.Message, StringComparison.Ordinal);
        Assert.Equal(0, issuer.Count);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void While_a_client_has_an_issuer_asked_the_loop_goes_on_and_the_handshake_can_be_ended(bool byTimeout) => RunPatiently(async () =>
    {
        using var issuer = new SlowIssuer();
        using var certificate = Certificates.IssuedElsewhere("localhost", issuer.Address);
        await using var server = new RawServer(connection => connection.SpeakTlsAsync(Showing(certificate)));
        var connecting = LoopTask.Start(ConnectAsync(server, new() { CertificateChainPolicy = Downloading }), "connecting");

        await HappensAsync(issuer.Asked);
        await ExchangeAsync();
        Assert.False(connecting.IsCompleted);

        if (byTimeout)
        {
            await ThrowsAsync<TimeoutException>(async () => await connecting);
        }
        else
        {
            connecting.Cancel("enough");
            await ThrowsAsync<LoopTaskCanceledException>(async () => await connecting);
        }

        Assert.True(issuer.IsAwaited);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void While_a_server_has_an_issuer_asked_the_loop_goes_on_and_the_handshake_can_be_ended(bool byTimeout) => RunPatiently(async () =>
    {
        using var issuer = new SlowIssuer();
        using var own = Certificates.SelfSigned("localhost");
        using var certificate = Certificates.IssuedElsewhere("somebody", issuer.Address);
        await using var server = TcpServer.Start(AnyPort, Unwanted, new()
        {
            Tls = new() { ServerCertificate = own, ClientCertificateRequired = true, CertificateChainPolicy = Downloading },
            StopGrace = TimeSpan.Zero,
        });
        var showing = ShowAsync(server.Port, certificate);

        await HappensAsync(issuer.Asked);
        await ExchangeAsync();
        Assert.Empty(Reports);

        if (byTimeout)
        {
            await showing.OrCanceled();
            Assert.Contains("did not finish its TLS handshake in time", Assert.Single(Reports).Message, StringComparison.Ordinal);
        }
        else
        {
            await server.StopAsync();
            await showing.OrCanceled();
        }

        Assert.True(issuer.IsAwaited);
    });

    [Theory]
    [InlineData("certificate")]
    [InlineData("callback")]
    public void A_server_asks_nobody_for_the_issuer_of_its_own_certificate(string how) => Run(async () =>
    {
        using var issuer = new SlowIssuer();
        using var certificate = Certificates.IssuedElsewhere("localhost", issuer.Address);
        string? asked = null;
        var tls = how == "certificate" ? new SslServerAuthenticationOptions { ServerCertificate = certificate } : new()
        {
            ServerCertificateSelectionCallback = (_, name) =>
            {
                asked = name;
                return certificate;
            },
        };
        await using var server = TcpServer.Start(AnyPort, async connection => await connection.Reader.ReadToEndAsync(), new() { Tls = tls });
        for (var i = 0; i < 3; i++)
        {
            await using var connection = await TcpConnection.ConnectAsync("localhost", server.Port, new() { Tls = TrustingAnybody() });
            Assert.Equal("CN=localhost", connection.Tls!.RemoteCertificate!.Subject);
        }

        Assert.Equal(how == "certificate" ? null : "localhost", asked);
        Assert.Equal(0, issuer.Count);
    });

    [Fact]
    public void A_client_asks_nobody_for_the_issuer_of_its_own_certificate() => Run(async () =>
    {
        using var issuer = new SlowIssuer();
        using var own = Certificates.SelfSigned("localhost");
        using var certificate = Certificates.IssuedElsewhere("somebody", issuer.Address);
        await using var server = TcpServer.Start(
            AnyPort,
            async connection =>
            {
                connection.Writer.Write(connection.Tls!.RemoteCertificate!.Subject + "\n");
                await connection.Reader.ReadToEndAsync();
            },
            new() { Tls = new() { ServerCertificate = own, ClientCertificateRequired = true, RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        for (var i = 0; i < 3; i++)
        {
            var tls = TrustingAnybody();
            tls.ClientCertificates = [certificate];
            await using var connection = await TcpConnection.ConnectAsync("localhost", server.Port, new() { Tls = tls });
            Assert.Equal("CN=somebody", await connection.Reader.ReadLineAsync());
        }

        Assert.Equal(0, issuer.Count);
    });

    [Fact]
    public void Without_a_policy_all_else_is_checked_as_NET_checks_it() => Run(async () =>
    {
        using var own = Certificates.SelfSigned("localhost");
        X509ChainPolicy? ofClient = null;
        X509ChainPolicy? ofServer = null;
        bool? isOnLoop = null;
        var server = new SslServerAuthenticationOptions
        {
            ServerCertificate = own,
            ClientCertificateRequired = true,
            CertificateRevocationCheckMode = X509RevocationMode.Offline,
            RemoteCertificateValidationCallback = (_, _, chain, _) =>
            {
                ofServer = chain!.ChainPolicy;
                return true;
            },
        };
        await using var listening = TcpServer.Start(AnyPort, async connection => await connection.Reader.ReadToEndAsync(), new() { Tls = server });
        var client = new SslClientAuthenticationOptions
        {
            ClientCertificates = [own],
            CertificateRevocationCheckMode = X509RevocationMode.Online,
            RemoteCertificateValidationCallback = (_, _, chain, errors) =>
            {
                ofClient = chain!.ChainPolicy;
                isOnLoop = EventLoop.IsRunning;
                return errors == SslPolicyErrors.RemoteCertificateChainErrors;
            },
        };
        await using (await TcpConnection.ConnectAsync("localhost", listening.Port, new() { Tls = client }))
        {
        }

        await listening.StopAsync();
        Assert.False(isOnLoop);
        Assert.Equal((X509RevocationMode.Online, "1.3.6.1.5.5.7.3.1"), (ofClient!.RevocationMode, ofClient.ApplicationPolicy[0].Value));
        Assert.Equal((X509RevocationMode.Offline, "1.3.6.1.5.5.7.3.2"), (ofServer!.RevocationMode, ofServer.ApplicationPolicy[0].Value));
        Assert.Equal((null, null), (client.CertificateChainPolicy, server.CertificateChainPolicy));
    });

    /// <summary>The clock jumps only when the network has been silent for long: a busy machine's silence is none.</summary>
    private void RunPatiently(Func<Coroutine> body) => Run(body, TimeSpan.FromSeconds(3));

    private static SslServerAuthenticationOptions Showing(X509Certificate2 certificate)
        => new() { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) };

    private static SslClientAuthenticationOptions TrustingAnybody() => new() { RemoteCertificateValidationCallback = (_, _, _, _) => true };

    private static Coroutine<TcpConnection> ConnectAsync(RawServer server, SslClientAuthenticationOptions tls)
        => TcpConnection.ConnectAsync("localhost", server.Port, new ConnectOptions { Tls = tls });

    private static Coroutine Unwanted(TcpConnection connection) => throw new InvalidOperationException("Nobody was to get so far.");

    /// <summary>A client of .NET's shows the certificate, and waits until the server has closed the connection.</summary>
    private static Task ShowAsync(int port, X509Certificate2 certificate) => Task.Run(async () =>
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await using var session = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
        try
        {
            await session.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
                ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
            });
            while (await session.ReadAsync(new byte[100]) > 0)
            {
            }
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
        }
    });

    /// <summary>A connection is made, and a line goes there and back.</summary>
    private static async Coroutine ExchangeAsync()
    {
        await using var server = TcpServer.Start(AnyPort, async connection =>
        {
            connection.Writer.Write(await connection.Reader.ReadLineAsync() + "\n");
            await connection.Writer.FlushAsync();
        });
        await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
        client.Writer.Write("hello\n");
        Assert.Equal("hello", await client.Reader.ReadLineAsync());
    }
}
