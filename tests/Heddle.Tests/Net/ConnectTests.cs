using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;
using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What holds for connecting on every poller.</summary>
public abstract class ConnectTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : ConnectTests(Pollers.Epoll);

    public sealed class OnSockets() : ConnectTests(Pollers.Sockets);

    public sealed class InMemory() : ConnectTests(OnMemory);

    [Fact]
    public void A_name_is_resolved_and_connected_to() => RunIntoTimeouts(async () =>
    {
        await using var server = TcpServer.Start(AnyPort, static _ => default);

        await using var connection = await TcpConnection.ConnectAsync("localhost", server.Port);

        Assert.Equal(server.LocalEndPoint, connection.RemoteEndPoint);
    });

    [Fact]
    public void An_IPv4_address_written_as_one_of_IPv6_is_connected_to() => RunIntoTimeouts(async () =>
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using var server = TcpServer.Start(AnyPort, static _ => default);

        await using var connection = await TcpConnection.ConnectAsync(new IPEndPoint(IPAddress.Loopback.MapToIPv6(), server.Port));

        Assert.Equal(server.Port, ((IPEndPoint)connection.RemoteEndPoint!).Port);
    });

    [Fact]
    public void When_the_first_address_refuses_the_next_is_tried_at_once() => Run(async () =>
    {
        await using var server = TcpServer.Start(AnyPort, static _ => default);
        var started = EventLoop.Current.Now;

        await using var connection = await TcpConnection.ConnectAsync(
            "service.test", server.Port, ResolvingTo("127.0.0.2", "127.0.0.3", "127.0.0.1"));

        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)connection.RemoteEndPoint!).Address);
        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now - started);
    });

    [Fact]
    public void An_address_that_does_not_answer_has_its_time_and_then_the_next_is_tried_beside_it() => RunIntoDelays(async network =>
    {
        network.Silent.Add(IPAddress.Parse("127.0.0.2"));
        await using var server = TcpServer.Start(AnyPort, static _ => default);
        var started = EventLoop.Current.Now;

        await using var connection = await TcpConnection.ConnectAsync(
            "service.test", server.Port, ResolvingTo("127.0.0.2", "127.0.0.1") with { AttemptDelay = TimeSpan.FromMilliseconds(250) });

        Assert.Equal(TimeSpan.FromMilliseconds(250), EventLoop.Current.Now - started);
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)connection.RemoteEndPoint!).Address);
        Assert.Equal(1, network.GivenUp);
    });

    [Fact]
    public void The_families_take_turns_beginning_with_the_preferred_one() => RunIntoDelays(async network =>
    {
        foreach (var address in new[] { "::1", "::2", "127.0.0.1", "127.0.0.2" })
        {
            network.Silent.Add(IPAddress.Parse(address));
        }

        await ThrowsAsync<TimeoutException>(async () => await TcpConnection.ConnectAsync(
            "service.test", 80, ResolvingTo("::1", "::2", "127.0.0.1", "127.0.0.2")).WithTimeout(Second * 10));

        Assert.Equal(["::1", "127.0.0.1", "::2", "127.0.0.2"], network.Tried.Select(address => address.ToString()));
        Assert.Equal(4, network.GivenUp);
    });

    [Fact]
    public void An_attempt_that_answers_late_still_wins_if_no_other_has() => RunIntoDelays(async network =>
    {
        network.Silent.Add(IPAddress.Parse("127.0.0.2"));
        await using var server = TcpServer.Start(new(IPAddress.Parse("127.0.0.2"), 0), static _ => default);
        network.AnswersAfter = Second;

        await using var connection = await TcpConnection.ConnectAsync("service.test", server.Port, ResolvingTo("127.0.0.2", "127.0.0.1"));

        Assert.Equal(server.LocalEndPoint, connection.RemoteEndPoint);
    });

    [Fact]
    public void When_all_addresses_fail_each_is_named_with_its_cause() => RunIntoTimeouts(async () =>
    {
        var port = UnusedPort();

        var failure = await ThrowsAsync<ConnectionException>(
            async () => await TcpConnection.ConnectAsync("service.test", port, ResolvingTo("127.0.0.2", "127.0.0.1")));

        Assert.Contains($"service.test:{port}", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.2:{port}: the connection was refused", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{port}: the connection was refused", failure.Message, StringComparison.Ordinal);
        Assert.Equal(SocketError.ConnectionRefused, failure.ErrorCode);
    });

    [Fact]
    public void A_name_without_an_address_says_so() => RunIntoTimeouts(async () =>
    {
        var failure = await ThrowsAsync<ConnectionException>(
            async () => await TcpConnection.ConnectAsync("no-such-host.invalid", 80));

        Assert.Contains("the name 'no-such-host.invalid' has no address", failure.Message, StringComparison.Ordinal);
        Assert.Equal("no-such-host.invalid", Assert.IsType<DnsEndPoint>(failure.EndPoint).Host);
    });

    [Fact]
    public void Waiting_for_the_resolver_ends_with_the_scope() => RunIntoTimeouts(async () =>
    {
        var options = new ConnectOptions
        {
            Resolve = static async _ =>
            {
                await Coroutine.Delay(Hour);
                return [];
            },
        };

        await ThrowsAsync<TimeoutException>(async () => await TcpConnection.ConnectAsync("slow.test", 80, options).WithTimeout(Second));
    });

    [Fact]
    public void A_connection_can_come_from_a_chosen_address() => RunIntoTimeouts(async () =>
    {
        await using var server = TcpServer.Start(AnyPort, static _ => default);
        var from = new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0);

        await using var connection = await TcpConnection.ConnectAsync(
            server.LocalEndPoint, new() { Socket = new() { LocalEndPoint = from } });

        Assert.Equal(from.Address, ((IPEndPoint)connection.LocalEndPoint!).Address);
    });

    private static ConnectOptions ResolvingTo(params string[] addresses) => new()
    {
        Resolve = _ => Coroutine.FromResult<IReadOnlyList<IPAddress>>([.. addresses.Select(IPAddress.Parse)]),
    };

    private static int UnusedPort()
    {
        using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(AnyPort);
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    /// <param name="body">Given a network in which some addresses do not answer.</param>
    private void RunIntoDelays(Func<QuietNetwork, Coroutine> body)
    {
        QuietNetwork? quiet = null;
        VirtualTime.Run(
            () => body(quiet!),
            new() { Network = loop => quiet = new QuietNetwork(MakeNetwork(loop)), IdleGrace = Timeout.InfiniteTimeSpan });
    }
}
