using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>A connection that goes over to TLS, on every poller.</summary>
public abstract class StartTlsTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    private static readonly SslClientAuthenticationOptions s_credulous = new()
    {
        TargetHost = "localhost",
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
    };

    public sealed class OnEpoll() : StartTlsTests(Pollers.Epoll);

    public sealed class OnSockets() : StartTlsTests(Pollers.Sockets);

    public sealed class InMemory() : StartTlsTests(OnMemory);

    [Fact]
    public void Both_ends_agree_in_the_clear_and_go_on_encrypted() => Run(() => WithServerAsync(async (client, server, certificate) =>
    {
        Assert.Null(client.Tls);
        client.Writer.Write("STARTTLS\n");
        Assert.Equal("STARTTLS", await server.Reader.ReadLineAsync());
        server.Writer.Write("220 go ahead\n");
        Assert.Equal("220 go ahead", await client.Reader.ReadLineAsync());

        await SecureAsync(client, server, certificate);

        client.Writer.Write("secret\n");
        Assert.Equal("secret", await server.Reader.ReadLineAsync());
        server.Writer.Write("well kept\n");
        await server.Writer.FinishAsync();
        Assert.Equal("well kept"u8.ToArray(), (await client.Reader.ReadToEndAsync()).AsSpan(..9).ToArray());
        Assert.Equal("CN=localhost", client.Tls!.RemoteCertificate!.Subject);
        Assert.True(server.Tls!.IsServer);
    }));

    [Fact]
    public void What_is_written_meanwhile_waits_and_goes_out_encrypted() => Run(() => WithServerAsync(async (client, server, certificate) =>
    {
        var securing = LoopTask.Start(client.StartTlsAsync(s_credulous));
        await SettleAsync();
        client.Writer.Write("in good time\n");
        await SettleAsync();
        await server.StartTlsAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate });
        await securing;
        Assert.Equal("in good time", await server.Reader.ReadLineAsync());
    }));

    [Fact]
    public void What_has_come_in_the_clear_is_no_part_of_what_is_encrypted() => Run(() => WithServerAsync(async (client, server, certificate) =>
    {
        client.Writer.Write("STARTTLS\nRCPT TO: mallory\n");
        Assert.Equal("STARTTLS", await server.Reader.ReadLineAsync());
        var failure = await ThrowsAsync<ConnectionException>(() => server.StartTlsAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }));
        Assert.Contains("17 bytes more have come in the clear than were read", failure.Message, StringComparison.Ordinal);
        Assert.True(server.IsClosed);
    }));

    [Fact]
    public void While_it_is_started_nobody_can_read_and_it_is_started_once() => Run(() => WithServerAsync(async (client, server, certificate) =>
    {
        var reading = LoopTask.Start(client.Reader.ReadLineAsync());
        await SettleAsync();
        await ThrowsAsync<InvalidOperationException>(() => client.StartTlsAsync(s_credulous));
        reading.Cancel();
        await LoopTask.WhenAny(reading);

        var securing = LoopTask.Start(client.StartTlsAsync(s_credulous));
        await SettleAsync();
        await ThrowsAsync<InvalidOperationException>(async () => await client.Reader.ReadLineAsync());
        await ThrowsAsync<InvalidOperationException>(() => client.StartTlsAsync(s_credulous));
        await server.StartTlsAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate });
        await securing;
        var failure = await ThrowsAsync<InvalidOperationException>(() => client.StartTlsAsync(s_credulous));
        Assert.Contains("speaks TLS already", failure.Message, StringComparison.Ordinal);
    }));

    [Fact]
    public void One_who_is_cancelled_or_answers_no_TLS_closes_the_connection() => Run(() => WithServerAsync(async (client, server, certificate) =>
    {
        var securing = LoopTask.Start(client.StartTlsAsync(s_credulous));
        await SettleAsync();
        server.Writer.Write("500 I speak no TLS\r\n");
        var failure = await ThrowsAsync<ConnectionException>(async () => await securing);
        Assert.StartsWith("The TLS handshake with ", failure.Message, StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        Assert.Equal(SocketError.OperationAborted, (await ThrowsAsync<ConnectionException>(async () => await client.Reader.ReadLineAsync())).ErrorCode);

        securing = LoopTask.Start(server.StartTlsAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }));
        await SettleAsync();
        securing.Cancel("not wanted");
        await LoopTask.WhenAny(securing);
        Assert.True(server.IsClosed);
    }));

    private static async Coroutine SecureAsync(TcpConnection client, TcpConnection server, X509Certificate2 certificate)
        => await Coroutine.WhenAll(
            client.StartTlsAsync(s_credulous),
            server.StartTlsAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }));

    private static async Coroutine WithServerAsync(Func<TcpConnection, TcpConnection, X509Certificate2, Coroutine> body)
    {
        using var certificate = Certificates.SelfSigned("localhost");
        await WithConnectionAsync((client, server) => body(client, server, certificate));
    }
}
