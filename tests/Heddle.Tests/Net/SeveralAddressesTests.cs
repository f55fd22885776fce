using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>One server at several addresses, on every poller.</summary>
public abstract class SeveralAddressesTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : SeveralAddressesTests(Pollers.Epoll);

    public sealed class OnSockets() : SeveralAddressesTests(Pollers.Sockets);

    public sealed class InMemory() : SeveralAddressesTests(OnMemory);

    private static readonly IPAddress s_second = new([127, 0, 0, 2]);

    private static readonly IPEndPoint[] s_two = [AnyPort, new(s_second, 0)];

    [Fact]
    public void One_port_is_found_that_is_free_at_all_of_them_and_all_are_served_and_stopped_together() => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Not every system has a second loopback address.");
        await using var server = TcpServer.StartAll(s_two, HelloAsync);
        Assert.Equal([IPAddress.Loopback, s_second], server.LocalEndPoints.Select(static one => one.Address));
        Assert.All(server.LocalEndPoints, one => Assert.Equal(server.Port, one.Port));
        Assert.NotEqual(0, server.Port);
        Assert.Equal($"TcpServer at 127.0.0.1:{server.Port}, 127.0.0.2:{server.Port} (0 connections)", server.ToString());
        foreach (var endPoint in server.LocalEndPoints)
        {
            Assert.Equal($"at {endPoint}", await AskAsync(endPoint));
        }

        await server.StopAsync();
        foreach (var endPoint in server.LocalEndPoints)
        {
            Assert.Equal(SocketError.ConnectionRefused, (await ThrowsAsync<ConnectionException>(() => AskAsync(endPoint))).ErrorCode);
        }
    });

    [Fact]
    public void If_one_of_them_is_occupied_none_is_listened_at() => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Not every system has a second loopback address.");
        await using var other = TcpServer.Start(new(s_second, 0), HelloAsync);
        var first = new IPEndPoint(IPAddress.Loopback, other.Port);
        var failure = Assert.Throws<ConnectionException>(() => TcpServer.StartAll([first, other.LocalEndPoint], HelloAsync));
        Assert.Equal(SocketError.AddressAlreadyInUse, failure.ErrorCode);
        Assert.StartsWith($"Listening at {other.LocalEndPoint} failed: the address is in use", failure.Message, StringComparison.Ordinal);
        await using var again = TcpServer.Start(first, HelloAsync);
    });

    [Fact]
    public void The_limit_of_connections_is_one_for_all() => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Not every system has a second loopback address.");
        var (inside, most, served) = (0, 0, 0);
        var mayGo = new AsyncManualResetEvent();
        await using var server = TcpServer.StartAll(
            s_two,
            async _ =>
            {
                most = Math.Max(most, ++inside);
                await mayGo.WaitAsync();
                inside--;
                served++;
            },
            new() { MaxConnections = 1 });
        var clients = new List<TcpConnection>();
        for (var i = 0; i < 6; i++)
        {
            clients.Add(await TcpConnection.ConnectAsync(server.LocalEndPoints[i % 2]));
        }

        await SettleAsync();
        Assert.Equal(1, server.ConnectionCount);
        mayGo.Set();
        foreach (var client in clients)
        {
            Assert.Empty(await client.Reader.ReadToEndAsync());
            await client.DisposeAsync();
        }

        Assert.Equal((1, 6), (most, served));
    });

    [Fact]
    public void A_stop_while_one_waits_for_a_place_turns_that_one_away() => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Not every system has a second loopback address.");
        var server = TcpServer.StartAll(s_two, static async connection => await connection.Reader.ReadToEndAsync(), new() { MaxConnections = 1 });
        await using var first = await TcpConnection.ConnectAsync(server.LocalEndPoints[0]);
        await using var second = await TcpConnection.ConnectAsync(server.LocalEndPoints[1]);
        await SettleAsync();
        await server.StopAsync(TimeSpan.Zero);
        Assert.IsType<ConnectionException>(await EndOfAsync(second));
    });

    [Fact]
    public void A_name_is_listened_at_by_its_addresses() => Run(async () =>
    {
        await using var server = await TcpServer.StartAsync("localhost", 0, HelloAsync);
        Assert.All(server.LocalEndPoints, one => Assert.True(IPAddress.IsLoopback(one.Address)));
        await using (var connection = await TcpConnection.ConnectAsync("localhost", server.Port))
        {
            Assert.StartsWith("at ", await connection.Reader.ReadLineAsync(), StringComparison.Ordinal);
        }

        var nowhere = await ThrowsAsync<ConnectionException>(() => TcpServer.StartAsync("nobody.invalid", 0, HelloAsync));
        Assert.StartsWith("Listening at nobody.invalid:0 failed: the name 'nobody.invalid' has no address.", nowhere.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => TcpServer.StartAll([], HelloAsync));
    });

    private static Coroutine HelloAsync(TcpConnection connection)
    {
        connection.Writer.Write($"at {connection.LocalEndPoint}\n");
        return default;
    }

    private static async Coroutine<string?> AskAsync(IPEndPoint endPoint)
    {
        await using var connection = await TcpConnection.ConnectAsync(endPoint);
        return await connection.Reader.ReadLineAsync();
    }

    private static async Coroutine<Exception?> EndOfAsync(TcpConnection connection)
    {
        try
        {
            await connection.Reader.ReadToEndAsync();
            return null;
        }
        catch (ConnectionException failure)
        {
            return failure;
        }
    }
}
