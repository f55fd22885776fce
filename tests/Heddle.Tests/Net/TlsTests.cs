using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What holds for TLS on every poller.</summary>
public abstract class TlsTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : TlsTests(Pollers.Epoll);

    public sealed class OnSockets() : TlsTests(Pollers.Sockets);

    public sealed class InMemory() : TlsTests(OnMemory);

    [Fact]
    public void Both_sides_speak_TLS_and_know_each_other() => Run(async reports =>
    {
        using var certificate = Certificates.SelfSigned("localhost");
        await using var server = TcpServer.Start(AnyPort, EchoAsync, Secure(certificate));
        await using var connection = await ConnectAsync(server, Trusting(certificate));

        connection.Writer.Write("hello\n");
        await connection.Writer.DrainAsync();

        Assert.Equal("hello", await connection.Reader.ReadLineAsync());
        Assert.Equal("CN=localhost", connection.Tls!.RemoteCertificate!.Subject);
        Assert.Empty(reports);
    });

    [Fact]
    public void A_megabyte_goes_both_ways_and_both_ends_end() => Run(async reports =>
    {
        using var certificate = Certificates.SelfSigned("localhost");
        await using var server = TcpServer.Start(AnyPort, EchoAsync, Secure(certificate));
        await using var connection = await ConnectAsync(server, Trusting(certificate));
        var sent = RandomNumberGenerator.GetBytes(1024 * 1024);

        var received = await TaskGroup.RunAsync(async group =>
        {
            _ = group.Start(async () =>
            {
                for (var at = 0; at < sent.Length; at += 10_000)
                {
                    await connection.Writer.WriteAsync(sent.AsMemory(at, Math.Min(10_000, sent.Length - at)));
                }

                await connection.Writer.FinishAsync();
            });
            return await connection.Reader.ReadToEndAsync();
        });

        Assert.Equal(sent, received);
    });

    [Fact]
    public void A_read_that_is_cancelled_loses_nothing() => Run(async _ =>
    {
        using var certificate = Certificates.SelfSigned("localhost");
        await using var server = TcpServer.Start(AnyPort, EchoAsync, Secure(certificate));
        await using var connection = await ConnectAsync(server, Trusting(certificate));

        for (var i = 0; i < 20; i++)
        {
            var reading = LoopTask.Start(connection.Reader.ReadExactlyAsync(1000), "reading");
            await Coroutine.Yield();
            reading.Cancel("changed its mind");
            await ThrowsAsync<LoopTaskCanceledException>(async () => await reading);
            connection.Writer.Write($"line {i}\n");
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal($"line {i}", await connection.Reader.ReadLineAsync());
        }
    });

    [Fact]
    public void A_certificate_for_another_name_is_refused_and_named() => Run(async reports =>
    {
        using var certificate = Certificates.SelfSigned("example.org");
        await using var server = TcpServer.Start(AnyPort, EchoAsync, Secure(certificate));

        var failure = await ThrowsAsync<ConnectionException>(async () => await ConnectAsync(server, Trusting(certificate)));

        Assert.Contains($"localhost:{server.Port}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("CN=example.org", failure.Message, StringComparison.Ordinal);
        Assert.Contains("not for the name 'localhost'", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void An_expired_certificate_is_refused_and_said_to_be_expired() => Run(async reports =>
    {
        using var certificate = Certificates.SelfSigned("localhost", validDays: -1);
        await using var server = TcpServer.Start(AnyPort, EchoAsync, Secure(certificate));

        var failure = await ThrowsAsync<ConnectionException>(async () => await ConnectAsync(server, Trusting(certificate)));

        Assert.Contains("expired", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_certificate_that_nobody_trusts_is_refused() => Run(async reports =>
    {
        using var certificate = Certificates.SelfSigned("localhost");
        await using var server = TcpServer.Start(AnyPort, EchoAsync, Secure(certificate));

        var failure = await ThrowsAsync<ConnectionException>(async () => await ConnectAsync(server, new()));

        Assert.Contains("nobody here trusts its issuer", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Garbage_instead_of_a_handshake_is_reported_and_harms_nobody() => Run(async reports =>
    {
        using var certificate = Certificates.SelfSigned("localhost");
        await using var server = TcpServer.Start(AnyPort, EchoAsync, Secure(certificate));
        await using (var garbage = await TcpConnection.ConnectAsync(server.LocalEndPoint))
        {
            garbage.Writer.Write("GET / HTTP/1.0\r\n\r\n");
            await garbage.Writer.FlushAsync();
            while (await ReadAnythingAsync(garbage) > 0)
            {
            }
        }

        await using var connection = await ConnectAsync(server, Trusting(certificate));
        connection.Writer.Write("still here\n");
        Assert.Equal("still here", await connection.Reader.ReadLineAsync());
        Assert.Equal([LoopReportKind.HandshakeFailed], reports.Select(report => report.Kind));
    });

    [Theory]
    [MemberData(nameof(WhatCallbacksThrow))]
    public void What_a_callback_of_the_server_throws_is_reported_once_and_ends_one_handshake(string message, Exception thrown) => Run(async reports =>
    {
        using var certificate = Certificates.SelfSigned("localhost");
        var isFirst = true;
        var options = new ServerOptions
        {
            Tls = new()
            {
                ServerCertificateSelectionCallback = (_, _) =>
                {
                    var (fails, _) = (isFirst, isFirst = false);
                    return fails ? throw thrown : certificate;
                },
            },
        };
        var server = TcpServer.Start(AnyPort, EchoAsync, options);
        await ThrowsAsync<ConnectionException>(async () => await ConnectAsync(server, Trusting(certificate)));
        await using (var connection = await ConnectAsync(server, Trusting(certificate)))
        {
            connection.Writer.Write("still here\n");
            Assert.Equal("still here", await connection.Reader.ReadLineAsync());
        }

        await server.StopAsync();
        var report = Assert.Single(reports);
        Assert.Equal(LoopReportKind.HandshakeFailed, report.Kind);
        Assert.Contains($"failed: {message}. Its connection was closed.", report.Message, StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(WhatCallbacksThrow))]
    public void What_a_callback_of_the_client_throws_is_a_failure_of_its_connection(string message, Exception thrown) => Run(async reports =>
    {
        using var certificate = Certificates.SelfSigned("localhost");
        await using var server = TcpServer.Start(AnyPort, EchoAsync, Secure(certificate));
        var options = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => throw thrown };
        var failure = await ThrowsAsync<ConnectionException>(async () => await ConnectAsync(server, options));
        Assert.Contains($"failed: {message}.", failure.Message, StringComparison.Ordinal);
        Assert.Same(thrown, failure.InnerException);
    });

    [Fact]
    public void A_client_that_meets_no_TLS_says_so() => Run(async _ =>
    {
        await using var server = TcpServer.Start(AnyPort, async connection =>
        {
            connection.Writer.Write("220 mail.example.org ESMTP ready, and not at all TLS\r\n");
            await connection.Writer.FlushAsync();
            await connection.Reader.ReadToEndAsync();
        });

        var failure = await ThrowsAsync<ConnectionException>(async () => await ConnectAsync(server, new()));

        Assert.Contains("does not speak TLS", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_handshake_that_does_not_go_on_times_out_on_both_sides()
    {
        RunIntoTimeouts(async () =>
        {
            using var certificate = Certificates.SelfSigned("localhost");
            await using var server = TcpServer.Start(AnyPort, EchoAsync, Secure(certificate));
            await using var silent = TcpServer.Start(AnyPort, async connection => await connection.Reader.ReadToEndAsync());

            await ThrowsAsync<TimeoutException>(async () => await ConnectAsync(silent, new()));

            await using var mute = await TcpConnection.ConnectAsync(server.LocalEndPoint);
            Assert.Equal(0, await ReadAnythingAsync(mute));
        });

        Assert.Contains("did not finish its TLS handshake in time", Assert.Single(Reports).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Exception> WhatCallbacksThrow() => new()
    {
        { "somebody else's end", new OperationCanceledException("somebody else's end.") },
        { "the directory is slow", new TimeoutException("the directory is slow.") },
        { "no such tenant", new InvalidOperationException("no such tenant.") },
    };

    private static ServerOptions Secure(X509Certificate2 certificate) => new() { Tls = new() { ServerCertificate = certificate } };

    private static SslClientAuthenticationOptions Trusting(X509Certificate2 certificate)
        => new() { CertificateChainPolicy = Certificates.Trusting(certificate) };

    private static Coroutine<TcpConnection> ConnectAsync(TcpServer server, SslClientAuthenticationOptions tls)
        => TcpConnection.ConnectAsync("localhost", server.Port, new ConnectOptions { Tls = tls });

    private static async Coroutine EchoAsync(TcpConnection connection)
    {
        await foreach (var chunk in connection.Reader.ReadChunksAsync())
        {
            connection.Writer.Write(chunk.Span);
            await connection.Writer.DrainAsync();
        }
    }

    /// <summary>A reset is an end, too.</summary>
    private static async Coroutine<int> ReadAnythingAsync(TcpConnection connection)
    {
        try
        {
            return (await connection.Reader.ReadAsync(1024)).Length;
        }
        catch (ConnectionException)
        {
            return 0;
        }
    }

    private void Run(Func<List<LoopReport>, Coroutine> body) => Run(() => body(Reports));
}
