using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Tests.Net;

/// <summary>What is set on sockets, as the system says it.</summary>
public abstract class SocketSettingsTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : SocketSettingsTests(Pollers.Epoll);

    public sealed class OnSockets() : SocketSettingsTests(Pollers.Sockets);

    [Fact]
    public void The_times_of_probes_hold_for_what_connects_and_for_what_is_accepted() => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells which socket a descriptor is.");
        var accepted = new CoroutineSource<TcpConnection>();
        var served = new ListenSettings { KeepAliveTime = TimeSpan.FromSeconds(50), KeepAliveInterval = TimeSpan.FromSeconds(6), KeepAliveRetryCount = 7 };
        await using var server = TcpServer.Start(
            AnyPort,
            async connection =>
            {
                accepted.SetResult(connection);
                await connection.Reader.ReadToEndAsync();
            },
            new() { Socket = served });
        var settings = new SocketSettings { KeepAliveTime = TimeSpan.FromSeconds(20), KeepAliveInterval = TimeSpan.FromSeconds(3), KeepAliveRetryCount = 4 };
        await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint, new() { Socket = settings });
        var there = await accepted;
        Assert.Equal((1, 20, 3, 4), ProbesOf(client));
        Assert.Equal((1, 50, 6, 7), ProbesOf(there));
    });

    [Fact]
    public void Without_settings_there_are_no_probes_and_one_of_them_turns_them_on() => Run(() => WithConnectionAsync(async (client, there) =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells which socket a descriptor is.");
        Assert.Equal(0, ProbesOf(client).IsOn);
        Assert.Equal(0, ProbesOf(there).IsOn);
        Assert.False(new SocketSettings().KeepAlive);
        Assert.True(new SocketSettings { KeepAliveRetryCount = 3 }.KeepAlive);
        Assert.True(new SocketSettings { KeepAliveInterval = TimeSpan.FromSeconds(1) }.KeepAlive);
        await Coroutine.Yield();
    }));

    [Fact]
    public void Times_that_the_system_cannot_keep_are_refused()
    {
        foreach (var time in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(32768), Timeout.InfiniteTimeSpan })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new SocketSettings { KeepAliveTime = time });
            Assert.Throws<ArgumentOutOfRangeException>(() => new ListenSettings { KeepAliveInterval = time });
        }

        foreach (var count in new[] { 0, -1, 128 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new SocketSettings { KeepAliveRetryCount = count });
        }
    }

    [Fact]
    public void Datagram_sockets_share_an_address_only_if_all_of_them_allow_it() => Run(() =>
    {
        var shared = new SocketSettings { ReuseAddress = true };
        using var first = UdpSocket.Bind(AnyPort, shared);
        using var second = UdpSocket.Bind(first.LocalEndPoint, shared);
        Assert.Equal(
            SocketError.AddressAlreadyInUse,
            Assert.Throws<ConnectionException>(() => UdpSocket.Bind(first.LocalEndPoint)).ErrorCode);
        return default;
    });

    [Fact]
    public void All_that_share_an_address_hear_the_group_that_they_have_joined() => Run(async () =>
    {
        var shared = new SocketSettings { ReuseAddress = true };
        using var first = UdpSocket.Bind(new(IPAddress.Any, 0), shared);
        using var second = UdpSocket.Bind(new(IPAddress.Any, first.LocalEndPoint.Port), shared);
        using var sender = UdpSocket.Bind(AnyPort);
        var group = IPAddress.Parse("239.255.7.9");
        var loopback = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .First(static one => one.NetworkInterfaceType == System.Net.NetworkInformation.NetworkInterfaceType.Loopback);
        first.JoinGroup(group, loopback);
        second.JoinGroup(group, loopback);
        await sender.SendToAsync("all"u8.ToArray(), new(group, first.LocalEndPoint.Port));
        foreach (var one in new[] { first, second })
        {
            Assert.Equal(3, (await one.ReceiveAsync(new byte[10])).Count);
        }
    });

    private static (int IsOn, int Time, int Interval, int Count) ProbesOf(TcpConnection connection)
    {
        using var socket = CopiedDescriptor.OfConnection((IPEndPoint)connection.LocalEndPoint!, (IPEndPoint)connection.RemoteEndPoint!);
        return (
            (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!,
            (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!,
            (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval)!,
            (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount)!);
    }
}
