using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What holds for datagrams on every poller.</summary>
public abstract class UdpTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : UdpTests(Pollers.Epoll);

    public sealed class OnSockets() : UdpTests(Pollers.Sockets);

    public sealed class InMemory() : UdpTests(OnMemory);

    [Fact]
    public void A_datagram_arrives_whole_and_says_whom_it_is_from() => RunIntoTimeouts(async () =>
    {
        using var receiver = UdpSocket.Bind(AnyPort);
        using var sender = UdpSocket.Bind(AnyPort);
        var buffer = new byte[100];

        await sender.SendToAsync("hello"u8.ToArray(), receiver.LocalEndPoint);
        var received = await receiver.ReceiveAsync(buffer);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
        Assert.Equal(sender.LocalEndPoint, received.RemoteEndPoint);
    });

    [Fact]
    public void A_connected_socket_knows_the_address_that_it_sends_from() => RunIntoTimeouts(async () =>
    {
        SkipInMemory();
        using var server = UdpSocket.Bind(AnyPort);
        using var client = UdpSocket.Connect(server.LocalEndPoint);
        await client.SendAsync("question"u8.ToArray());
        Assert.Equal((await server.ReceiveAsync(new byte[100])).RemoteEndPoint, client.LocalEndPoint);
    });

    [Fact]
    public void A_connected_socket_answers_and_hears_nobody_else() => RunIntoTimeouts(async () =>
    {
        using var server = UdpSocket.Bind(AnyPort);
        using var client = UdpSocket.Connect(server.LocalEndPoint);
        using var stranger = UdpSocket.Bind(AnyPort);
        var buffer = new byte[100];

        await client.SendAsync("question"u8.ToArray());
        var asked = await server.ReceiveAsync(buffer);
        await stranger.SendToAsync("noise"u8.ToArray(), new(IPAddress.Loopback, client.LocalEndPoint.Port));
        await server.SendToAsync("answer"u8.ToArray(), (IPEndPoint)asked.RemoteEndPoint);

        var answered = await client.ReceiveAsync(buffer);
        Assert.Equal("answer", Encoding.UTF8.GetString(buffer, 0, answered.Count));
    });

    [Fact]
    public void A_receive_that_is_cancelled_loses_no_datagram() => RunIntoTimeouts(async () =>
    {
        using var receiver = UdpSocket.Bind(AnyPort);
        using var sender = UdpSocket.Bind(AnyPort);
        var buffer = new byte[100];

        await CancelScope.MoveOnAfterAsync(Second, async _ => await receiver.ReceiveAsync(buffer));
        await sender.SendToAsync("late"u8.ToArray(), receiver.LocalEndPoint);

        Assert.Equal(4, (await receiver.ReceiveAsync(buffer)).Count);
    });

    [Fact]
    public void What_is_longer_than_the_buffer_is_cut_off_and_told() => RunIntoTimeouts(async () =>
    {
        using var receiver = UdpSocket.Bind(AnyPort);
        using var sender = UdpSocket.Bind(AnyPort);
        var buffer = new byte[3];

        await sender.SendToAsync("abcdef"u8.ToArray(), receiver.LocalEndPoint);
        await sender.SendToAsync("xyz"u8.ToArray(), receiver.LocalEndPoint);

        var cut = await receiver.ReceiveAsync(buffer);
        Assert.Equal((3, 6, true), (cut.Count, cut.Length, cut.IsCut));
        var whole = await receiver.ReceiveAsync(buffer);
        Assert.Equal((3, 3, false), (whole.Count, whole.Length, whole.IsCut));
        Assert.Equal("xyz"u8.ToArray(), buffer);
    });

    [Fact]
    public void A_datagram_that_is_too_long_names_the_end_point_and_the_cause() => RunIntoTimeouts(async () =>
    {
        using var sender = UdpSocket.Bind(AnyPort);

        var failure = await ThrowsAsync<ConnectionException>(async () => await sender.SendToAsync(new byte[70_000], sender.LocalEndPoint));

        Assert.Contains(sender.LocalEndPoint.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains("too long", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Closing_ends_a_wait() => RunIntoTimeouts(async () =>
    {
        var socket = UdpSocket.Bind(AnyPort);
        var waiting = LoopTask.Start(async () => { await socket.ReceiveAsync(new byte[10]); });
        await Coroutine.Yield();

        socket.Dispose();

        var failure = await ThrowsAsync<ConnectionException>(async () => await waiting);
        Assert.Contains("closed it meanwhile", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Members_of_a_multicast_group_hear_what_is_sent_to_it_until_they_leave() => RunIntoTimeouts(async () =>
    {
        var loopback = NetworkInterface.GetAllNetworkInterfaces().First(one => one.NetworkInterfaceType == NetworkInterfaceType.Loopback);
        var group = IPAddress.Parse("239.255.42.42");
        using var member = UdpSocket.Bind(new(IPAddress.Any, 0));
        member.JoinGroup(group, loopback);
        using var sender = UdpSocket.Bind(AnyPort);
        sender.MulticastTimeToLive = 1;
        sender.MulticastLoopback = true;
        var to = new IPEndPoint(group, member.LocalEndPoint.Port);
        var buffer = new byte[100];

        await sender.SendToAsync("all"u8.ToArray(), to);
        Assert.Equal(3, (await member.ReceiveAsync(buffer)).Count);

        member.LeaveGroup(group, loopback);
        await sender.SendToAsync("nobody"u8.ToArray(), to);
        Assert.False((await CancelScope.MoveOnAfterAsync(Second, async _ => await member.ReceiveAsync(buffer))).IsSuccess);
    });

    [Fact]
    public void A_group_that_is_none_is_refused() => RunIntoTimeouts(static () =>
    {
        using var socket = UdpSocket.Bind(AnyPort);

        var failure = Assert.Throws<ConnectionException>(() => socket.JoinGroup(IPAddress.Parse("127.0.0.1")));

        Assert.Equal(SocketError.InvalidArgument, failure.ErrorCode);
        return default;
    });
}
