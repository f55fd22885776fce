using System.Net;
using System.Net.Sockets;

namespace Heddle.Orleans.Tests;

public sealed class WorkerSiloTests
{
    [Fact]
    public async Task A_silo_says_where_it_is_and_leaves_when_it_is_disposed_of()
    {
        var hasConfigured = false;
        var silo = await WorkerSilo.StartAsync(
            new() { Workers = 3, ConfigureSilo = builder => hasConfigured = builder.Services.Count > 0 }, TestContext.Current.CancellationToken);
        Assert.Equal((IPAddress.Loopback, 3, true), (silo.EndPoint.Address, silo.Workers, hasConfigured));
        Assert.NotEqual(0, silo.EndPoint.Port);
        await silo.DisposeAsync();
        await silo.DisposeAsync();
    }

    [Fact]
    public async Task A_silo_whose_port_is_taken_does_not_start()
    {
        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var port = ((IPEndPoint)other.LocalEndPoint!).Port;
        var failure = await Assert.ThrowsAsync<IOException>(() => WorkerSilo.StartAsync(new() { SiloPort = port }, TestContext.Current.CancellationToken));
        Assert.Contains($"another program has port {port} of 127.0.0.1", failure.Message);
    }

    [Fact]
    [Trait("rule", "19")]
    public async Task Options_that_make_no_sense_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Start(new() { Workers = 0 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Start(new() { SiloPort = 70_000 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Start(new() { GatewayPort = -1 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Start(new() { CallerTimeout = TimeSpan.FromSeconds(1) }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Start(new() { LeaveGrace = TimeSpan.FromSeconds(-1) }));
        await Assert.ThrowsAsync<ArgumentException>(() => Start(new() { ClusterId = "" }));

        static Task Start(WorkerSiloOptions options) => WorkerSilo.StartAsync(options, TestContext.Current.CancellationToken);
    }
}
