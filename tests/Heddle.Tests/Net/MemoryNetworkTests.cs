using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;
using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What a network in memory has beside what every poller has, which the nested classes <c>InMemory</c> of the others show.</summary>
public class MemoryNetworkTests
{
    private static readonly IPAddress s_bank = IPAddress.Parse("10.0.0.7");

    [Fact]
    public void What_is_sent_takes_the_latency_and_nothing_overtakes()
    {
        var network = new MemoryNetwork { Latency = TimeSpan.FromMilliseconds(40) };
        Run(network, async () =>
        {
            await using var server = TcpServer.Start(new(IPAddress.Loopback, 80), async connection =>
            {
                connection.Writer.Write("slow\n");
                await connection.Writer.FlushAsync();
                network.Latency = TimeSpan.FromMilliseconds(1);
                connection.Writer.Write("fast\n");
                await connection.Writer.FinishAsync();
            });
            await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
            Assert.Equal(80, EventLoop.Current.Now.TotalMilliseconds);
            Assert.Equal("slow", await client.Reader.ReadLineAsync());
            Assert.Equal(80, EventLoop.Current.Now.TotalMilliseconds);
            Assert.Equal("fast", await client.Reader.ReadLineAsync());
            Assert.Null(await client.Reader.ReadLineAsync());
            Assert.Equal(80, EventLoop.Current.Now.TotalMilliseconds);
        });
    }

    [Fact]
    public void It_has_the_names_that_it_was_given_and_no_others()
    {
        var network = new MemoryNetwork();
        network.AddName("Bank.example", IPAddress.Parse("10.0.0.6"), s_bank);
        Run(network, async () =>
        {
            await using var server = TcpServer.Start(new(s_bank, 80), static _ => default);
            await using var client = await TcpConnection.ConnectAsync("bank.EXAMPLE", 80);
            Assert.Equal(new IPEndPoint(s_bank, 80), client.RemoteEndPoint);
            var failure = await ThrowsAsync<ConnectionException>(async () => await TcpConnection.ConnectAsync("example.org", 80));
            Assert.Contains("the name 'example.org' has no address", failure.Message, StringComparison.Ordinal);
            failure = await ThrowsAsync<ConnectionException>(async () => await TcpConnection.ConnectAsync(new IPEndPoint(IPAddress.Parse("10.0.0.8"), 80)));
            Assert.Equal(SocketError.HostUnreachable, failure.ErrorCode);
            Assert.Equal(SocketError.AddressNotAvailable, Assert.Throws<ConnectionException>(() => TcpServer.Start(new(IPAddress.Parse("10.0.0.8"), 80), static _ => default)).ErrorCode);
        });
    }

    [Fact]
    public void Who_listens_at_any_address_is_found_at_each_and_ports_are_the_same_in_each_run()
    {
        Assert.Equal(PortOfOneRun(), PortOfOneRun());

        static int PortOfOneRun()
        {
            var network = new MemoryNetwork();
            network.AddName("bank", s_bank);
            var port = 0;
            Run(network, async () =>
            {
                var met = new List<EndPoint?>();
                await using var server = TcpServer.Start(new(IPAddress.IPv6Any, 0), connection =>
                {
                    met.Add(connection.LocalEndPoint);
                    return default;
                });
                port = server.Port;
                await using (await TcpConnection.ConnectAsync("bank", server.Port))
                await using (await TcpConnection.ConnectAsync(new IPEndPoint(IPAddress.IPv6Loopback, server.Port)))
                {
                    await Coroutine.Delay(Second);
                }

                Assert.Equal([new IPEndPoint(s_bank, port), new IPEndPoint(IPAddress.IPv6Loopback, port)], met);
            });
            return port;
        }
    }

    [Fact]
    public void A_client_that_waits_for_ever_is_a_deadlock_and_names_whom_it_waits_for()
    {
        var deadlock = Assert.Throws<DeadlockException>(() => Run(new(), async () =>
        {
            await using var server = TcpServer.Start(new(IPAddress.Loopback, 80), static async connection => { await connection.Reader.ReadLineAsync(); });
            await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
            await client.Reader.ReadLineAsync();
        }));
        Assert.Contains("bytes from 127.0.0.1:80", deadlock.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_finds_the_queue_full_waits_until_somebody_is_accepted() => Run(new(), async () =>
    {
        var network = EventLoop.Current.Network;
        using var listener = network.Listen(new IPEndPoint(IPAddress.Loopback, 80), new() { Backlog = 1 });
        using var first = await network.ConnectAsync(listener.LocalEndPoint);
        var second = LoopTask.Start(network.ConnectAsync(listener.LocalEndPoint));
        var third = LoopTask.Start(network.ConnectAsync(listener.LocalEndPoint));
        await Coroutine.Delay(Hour);
        Assert.False(second.IsCompleted);
        using var accepted = await listener.AcceptAsync();
        (await second).Dispose();
        Assert.Equal(first.LocalEndPoint, accepted.RemoteEndPoint);
        listener.Dispose();
        Assert.Equal(SocketError.ConnectionRefused, (await ThrowsAsync<ConnectionException>(async () => await third)).ErrorCode);
    });

    [Fact]
    public void A_pair_needs_no_network_and_holds_as_much_as_it_is_given() => VirtualTime.Run(
        async () =>
        {
            var (left, right) = MemoryNetwork.CreatePair(bufferSize: 10);
            using (left)
            using (right)
            {
                var sending = LoopTask.Start(left.SendAsync(new byte[25]));
                await Coroutine.Delay(Second);
                Assert.False(sending.IsCompleted);
                var received = 0;
                while (received < 25)
                {
                    received += await right.ReceiveAsync(new byte[7]);
                }

                Assert.Equal(25, await sending);
            }
        },
        new() { Strict = true });

    [Fact]
    public void A_second_loop_cannot_be_attached_before_the_first_has_ended()
    {
        var network = new MemoryNetwork();
        Run(network, static () => default);
        Run(network, () =>
        {
            using var other = new EventLoopThread(new() { Name = "other" });
            var failure = Assert.Throws<InvalidOperationException>(() => network.AttachTo(other.Loop));
            Assert.Contains("is attached to the loop 'virtual time', and cannot be to 'other' as well", failure.Message, StringComparison.Ordinal);
            return default;
        });
    }

    [Fact]
    public void On_a_loop_in_real_time_it_is_a_network_like_any_other()
        => EventLoop.Run(
            async () =>
            {
                await using var server = TcpServer.Start(new(IPAddress.Loopback, 80), async connection => connection.Writer.Write(await connection.Reader.ReadToEndAsync()));
                await using var client = await TcpConnection.ConnectAsync("localhost", 80);
                client.Writer.Write("hello");
                await client.Writer.FinishAsync();
                Assert.Equal("hello"u8.ToArray(), await client.Reader.ReadToEndAsync());
                Assert.Equal(7, await Coroutine.ToThread(static () => 7));
            },
            new() { Poller = new MemoryNetwork().AttachTo });

    [Fact]
    public void An_HTTP_client_asks_a_server_on_it()
    {
        var network = new MemoryNetwork { Latency = TimeSpan.FromMilliseconds(10) };
        network.AddName("shop.example", s_bank);
        VirtualTime.Run(
            async () =>
            {
                await using var server = TcpServer.Start(new(s_bank, 80), async connection =>
                {
                    while (await connection.Reader.ReadLineAsync() is { } line)
                    {
                        if (line.Length == 0)
                        {
                            connection.Writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                        }
                    }
                });
                await using var http = new LoopHttpClient();
                for (var i = 0; i < 10; i++)
                {
                    Assert.Equal("hello", await http.GetStringAsync("http://shop.example/"));
                }

                // The name, the connection, and ten questions and answers.
                Assert.Equal(10 + 20 + (10 * 20), EventLoop.Current.Now.TotalMilliseconds);
            },
            new() { Network = network.AttachTo });
    }

    [Fact]
    public void The_task_that_connects_for_a_request_can_be_cancelled_and_the_request_fails()
    {
        var network = new MemoryNetwork { Latency = TimeSpan.FromSeconds(1) };
        network.AddName("shop.example", s_bank);
        VirtualTime.Run(
            async () =>
            {
                await using var http = new LoopHttpClient();
                await TaskGroup.RunAsync(async group =>
                {
                    group.Start(() => Expect.ThrowsAsync<LoopHttpException>(async () => await http.GetStringAsync("http://shop.example/")));
                    LoopTask? connecting = null;
                    while (connecting is null)
                    {
                        await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
                        connecting = EventLoop.Current.Tasks.FirstOrDefault(static task => task.Name.StartsWith("connecting", StringComparison.Ordinal));
                    }

                    connecting.Cancel();
                });
            },
            new() { Network = network.AttachTo });
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryNetwork { Latency = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryNetwork { Latency = Timeout.InfiniteTimeSpan });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryNetwork { BufferSize = 0 });
        Assert.Throws<ArgumentException>(() => new MemoryNetwork().AddName(""));
        Assert.Throws<ArgumentNullException>(() => new MemoryNetwork().AttachTo(null!));
        Assert.Throws<InvalidOperationException>(() => MemoryNetwork.CreatePair());
    }

    private static void Run(MemoryNetwork network, Func<Coroutine> body) => VirtualTime.Run(body, new() { Network = network.AttachTo, Strict = true });
}
