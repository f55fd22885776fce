using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;
using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What holds for listening and connecting on every poller.</summary>
public abstract class ListenerTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : ListenerTests(Pollers.Epoll);

    public sealed class OnSockets() : ListenerTests(Pollers.Sockets);

    public sealed class InMemory() : ListenerTests(OnMemory);

    [Fact]
    public void An_accept_waits_for_somebody_to_connect() => Run(async () =>
    {
        using var listener = Network.Listen(AnyPort, new());
        Assert.NotEqual(0, ((IPEndPoint)listener.LocalEndPoint).Port);
        var accepting = LoopTask.Start(listener.AcceptAsync());
        await SettleAsync();
        Assert.False(accepting.IsCompleted);
        using var here = await Network.ConnectAsync(listener.LocalEndPoint);
        using var there = await accepting;
        Assert.Equal(here.LocalEndPoint, there.RemoteEndPoint);
    });

    [Fact]
    public void One_that_is_closed_takes_nobody_though_a_child_that_is_being_started_still_has_it() => Run(async () =>
    {
        SkipInMemory();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells which socket a descriptor is.");
        foreach (var accepts in new[] { false, true })
        {
            var listener = Network.Listen(AnyPort, new());
            var local = (IPEndPoint)listener.LocalEndPoint;
            var accepting = accepts ? LoopTask.Start(listener.AcceptAsync()) : null;
            await SettleAsync();
            using (CopiedDescriptor.OfListener(local))
            {
                listener.Dispose();
                await ThrowsAsync<ConnectionException>(async () => await Network.ConnectAsync(local));
                Network.Listen(local, new()).Dispose();
            }

            if (accepting is not null)
            {
                Assert.Equal(SocketError.OperationAborted, (await ThrowsAsync<ConnectionException>(async () => await accepting)).ErrorCode);
            }
        }
    });

    [Fact]
    [Trait("rule", "13")]
    public void An_accept_that_is_cancelled_loses_no_connection() => Run(async () =>
    {
        using var listener = Network.Listen(AnyPort, new());
        for (var round = 0; round < 3; round++)
        {
            var accepting = LoopTask.Start(listener.AcceptAsync());
            await SettleAsync();
            accepting.Cancel("not now");
            await LoopTask.WhenAny(accepting);
            Assert.True(accepting.IsCanceled);
            using var here = await Network.ConnectAsync(listener.LocalEndPoint);
            await here.SendAsync(Pattern(10, round));
            using var there = await listener.AcceptAsync();
            var buffer = new byte[10];
            Assert.Equal(10, await there.ReceiveAsync(buffer));
            Assert.Equal(Pattern(10, round), buffer);
        }
    });

    [Fact]
    public void Two_accepts_at_once_are_an_error_and_closing_ends_the_one() => Run(async () =>
    {
        var listener = Network.Listen(AnyPort, new());
        var accepting = LoopTask.Start(listener.AcceptAsync());
        await SettleAsync();
        await ThrowsAsync<InvalidOperationException>(async () => await listener.AcceptAsync());
        listener.Dispose();
        listener.Dispose();
        var failure = await ThrowsAsync<ConnectionException>(async () => await accepting);
        Assert.Equal(SocketError.OperationAborted, failure.ErrorCode);
        Assert.StartsWith($"Accepting connections at {listener.LocalEndPoint} failed", failure.Message);
        failure = await ThrowsAsync<ConnectionException>(async () => await listener.AcceptAsync());
        Assert.Equal(SocketError.OperationAborted, failure.ErrorCode);
    });

    [Fact]
    public void Where_nobody_listens_connecting_is_refused() => Run(async () =>
    {
        var listener = Network.Listen(AnyPort, new());
        var free = listener.LocalEndPoint;
        listener.Dispose();
        var failure = await ThrowsAsync<ConnectionException>(async () => await Network.ConnectAsync(free));
        Assert.Equal(SocketError.ConnectionRefused, failure.ErrorCode);
        Assert.Equal(free, failure.EndPoint);
        Assert.StartsWith($"Connecting to {free} failed: the connection was refused; nothing listens there", failure.Message);
    });

    [Fact]
    public void A_port_in_use_is_refused_and_one_that_is_shared_is_not() => Run(() =>
    {
        using var listener = Network.Listen(AnyPort, new());
        var failure = Assert.Throws<SocketException>(() => Network.Listen(listener.LocalEndPoint, new()));
        Assert.Equal(SocketError.AddressAlreadyInUse, failure.SocketErrorCode);

        using var shared = Network.Listen(AnyPort, new() { ReusePort = true });
        using var second = Network.Listen(shared.LocalEndPoint, new() { ReusePort = true });
        Assert.Equal(shared.LocalEndPoint, second.LocalEndPoint);
        return default;
    });

    [Fact]
    public void A_connection_can_come_from_an_address_of_choice() => Run(async () =>
    {
        using var listener = Network.Listen(AnyPort, new());
        var from = new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0);
        using var here = await Network.ConnectAsync(listener.LocalEndPoint, new() { LocalEndPoint = from });
        using var there = await listener.AcceptAsync();
        Assert.Equal(from.Address, ((IPEndPoint)there.RemoteEndPoint!).Address);

        var foreign = new SocketSettings { LocalEndPoint = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0) };
        var failure = await ThrowsAsync<ConnectionException>(async () => await Network.ConnectAsync(listener.LocalEndPoint, foreign));
        Assert.Equal(SocketError.AddressNotAvailable, failure.ErrorCode);
    });

    [Fact]
    public void Unix_domain_sockets_are_streams_like_any_other() => Run(async () =>
    {
        Assert.SkipUnless(Socket.OSSupportsUnixDomainSockets, "This system has none.");
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "socket"));
            var missing = await ThrowsAsync<ConnectionException>(async () => await Network.ConnectAsync(path));
            Assert.StartsWith($"Connecting to {path} failed: there is no such address on this machine, or no such socket file", missing.Message);
            using var listener = Network.Listen(path, new());
            Assert.Equal(path.ToString(), listener.LocalEndPoint.ToString());
            using var here = await Network.ConnectAsync(path);
            using var there = await listener.AcceptAsync();
            Assert.Null(there.RemoteEndPoint);
            Assert.Null(here.LocalEndPoint);
            Assert.Equal(path.ToString(), here.RemoteEndPoint!.ToString());
            var sending = LoopTask.Start(async () =>
            {
                await here.SendAsync(Pattern(1_000_000));
                await here.FinishSendingAsync();
            });
            Assert.Equal(Pattern(1_000_000), await ReceiveAllAsync(there));
            await sending;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    });

    [Fact]
    public void A_connection_to_a_black_hole_ends_with_the_timeout_and_leaves_nothing() => RunIntoTimeouts(async () =>
    {
        SkipInMemory();
        using var hole = new BlackHole();
        var failure = await ThrowsAsync<TimeoutException>(async () => await Network.ConnectAsync(hole.EndPoint).WithTimeout(Second * 30));
        Assert.True(EventLoop.Current.Now >= Second * 30, failure.Message);
    });

    [Fact]
    public void What_is_open_at_the_end_of_the_loop_is_closed_with_it()
    {
        SkipInMemory();
        using var peer = new TcpListener(IPAddress.Loopback, 0);
        peer.Start();
        var remote = (IPEndPoint)peer.LocalEndpoint;
        IPEndPoint? listening = null;
        Socket? there = null;
        Run(
            async () =>
            {
                using var hole = new BlackHole();
                listening = (IPEndPoint)Network.Listen(AnyPort, new()).LocalEndPoint;
                _ = Network.Connect(hole.EndPoint, new(), new Nobody(), out _);
                _ = await Network.ConnectAsync(remote);
                there = peer.AcceptSocket();
            },
            TimeSpan.FromSeconds(60),
            leavesOpen: true);

        // On real sockets: the peer is none of the loop's.
        Assert.Equal(0, there!.Receive(new byte[1]));
        there.Dispose();
        using var late = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => late.Connect(listening!)).SocketErrorCode);
    }

    private sealed class Nobody : IIoCompletion<StreamTransport>
    {
        public void Complete(IoResult<StreamTransport> result) => Assert.Equal(SocketError.OperationAborted, result.Error);
    }
}
