using System.Net;
using System.Net.Sockets;
using System.Text;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What holds for datagrams by socket files on every poller.</summary>
public abstract class UnixDatagramTests(Func<EventLoop, INetworkPoller> network) : NetTests(network), IDisposable
{
    public sealed class OnEpoll() : UnixDatagramTests(Pollers.Epoll);

    public sealed class OnSockets() : UnixDatagramTests(Pollers.Sockets);

    public sealed class InMemory() : UnixDatagramTests(OnMemory);

    private readonly string _folder = Directory.CreateTempSubdirectory("heddle").FullName;

    private string At(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_datagram_arrives_whole_and_its_sender_can_be_answered() => RunIntoTimeouts(async () =>
    {
        using var server = UnixDatagramSocket.Bind(At("server"));
        using var bound = UnixDatagramSocket.Connect(At("server"), At("client"));
        using var unbound = UnixDatagramSocket.Connect(At("server"));
        var buffer = new byte[100];
        foreach (var client in OperatingSystem.IsLinux() ? new[] { bound, unbound } : [bound])
        {
            await client.SendAsync("question"u8.ToArray());
            var asked = await server.ReceiveAsync(buffer);
            Assert.Equal("question", Encoding.UTF8.GetString(buffer, 0, asked.Count));
            Assert.Equal(client.LocalEndPoint, asked.RemoteEndPoint);
            await server.SendToAsync("answer"u8.ToArray(), asked.RemoteEndPoint);
            Assert.Equal("answer", Encoding.UTF8.GetString(buffer, 0, (await client.ReceiveAsync(buffer)).Count));
        }

        Assert.Equal($"UnixDatagramSocket at {At("client")} to {At("server")}", bound.ToString());
        await bound.SendAsync(Pattern(1000));
        var cut = await server.ReceiveAsync(buffer);
        Assert.Equal((100, 1000, true), (cut.Count, cut.Length, cut.IsCut));
    });

    [Fact]
    public void Abstract_names_have_no_file() => RunIntoTimeouts(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has them.");
        var name = $"\0heddle-{Guid.NewGuid()}";
        using var server = UnixDatagramSocket.Bind(name);
        using var client = UnixDatagramSocket.Bind(name + "-client");
        await client.SendToAsync("hello"u8.ToArray(), name);
        Assert.Equal(client.LocalEndPoint, (await server.ReceiveAsync(new byte[10])).RemoteEndPoint);
        Assert.Throws<ConnectionException>(() => UnixDatagramSocket.Bind(name));
    });

    [Fact]
    public void A_sender_waits_for_room_in_the_receivers_queue_and_nothing_is_lost() => RunIntoTimeouts(async () =>
    {
        using var server = UnixDatagramSocket.Bind(At("server"));
        using var connected = UnixDatagramSocket.Connect(At("server"));
        using var free = UnixDatagramSocket.Bind(At("free"));
        const int Count = 200;
        var sending = new[]
        {
            LoopTask.Start(() => SendAllAsync(datagram => connected.SendAsync(datagram))),
            LoopTask.Start(() => SendAllAsync(datagram => free.SendToAsync(datagram, At("server")))),
        };
        await SettleAsync();
        Assert.DoesNotContain(sending, static one => one.IsCompleted);
        var (next, buffer) = (new Dictionary<string, int>(), new byte[1000]);
        for (var i = 0; i < 2 * Count; i++)
        {
            var received = await server.ReceiveAsync(buffer);
            var from = received.RemoteEndPoint.ToString()!;
            Assert.Equal(next.GetValueOrDefault(from), BitConverter.ToInt32(buffer));
            next[from] = next.GetValueOrDefault(from) + 1;
        }

        foreach (var one in sending)
        {
            await one;
        }

        static async Coroutine SendAllAsync(Func<byte[], Coroutine> send)
        {
            var datagram = new byte[1000];
            for (var i = 0; i < Count; i++)
            {
                BitConverter.TryWriteBytes(datagram, i);
                await send(datagram);
            }
        }
    });

    [Fact]
    public void Nobody_is_bound_there() => RunIntoTimeouts(async () =>
    {
        var failure = Assert.Throws<ConnectionException>(() => UnixDatagramSocket.Connect(At("nobody")));
        Assert.Equal(SocketError.AddressNotAvailable, failure.ErrorCode);
        Assert.StartsWith($"Connecting to {At("nobody")} failed: there is no such address on this machine, or no such socket file", failure.Message, StringComparison.Ordinal);
        using var socket = UnixDatagramSocket.Bind(At("here"));
        Assert.Equal(SocketError.AddressNotAvailable, (await ThrowsAsync<ConnectionException>(() => socket.SendToAsync(new byte[1], At("nobody")))).ErrorCode);
    });

    [Fact]
    public void One_whose_other_end_was_closed_is_told_and_so_is_a_send_that_waits_for_room() => RunIntoTimeouts(async () =>
    {
        var server = UnixDatagramSocket.Bind(At("server"));
        using var client = UnixDatagramSocket.Connect(At("server"));
        using var other = UnixDatagramSocket.Bind(At("other"));
        var filling = LoopTask.Start(FillAsync(datagram => client.SendAsync(datagram)));
        var fillingByName = LoopTask.Start(FillAsync(datagram => other.SendToAsync(datagram, At("server"))));
        await SettleAsync();
        server.Dispose();
        Assert.Equal(SocketError.ConnectionRefused, (await ThrowsAsync<ConnectionException>(async () => await filling)).ErrorCode);
        Assert.Equal(SocketError.AddressNotAvailable, (await ThrowsAsync<ConnectionException>(async () => await fillingByName)).ErrorCode);

        // Who is bound there now is another.
        using var successor = UnixDatagramSocket.Bind(At("server"));
        await ThrowsAsync<ConnectionException>(() => client.SendAsync(new byte[1]));
        await other.SendToAsync("new"u8.ToArray(), At("server"));
        Assert.Equal(3, (await successor.ReceiveAsync(new byte[10])).Count);

        static async Coroutine FillAsync(Func<byte[], Coroutine> send)
        {
            while (true)
            {
                await send(new byte[1000]);
            }
        }
    });

    [Fact]
    public void One_longer_than_any_of_UDP_arrives_whole_and_one_that_is_cut_is_told() => RunIntoTimeouts(async () =>
    {
        SkipInMemory();
        using var server = UnixDatagramSocket.Bind(At("server"));
        using var client = UnixDatagramSocket.Connect(At("server"), settings: new() { SendBufferSize = 200_000 });
        var (whole, buffer) = (Pattern(150_000), new byte[200_000]);
        await client.SendAsync(whole);
        var received = await server.ReceiveAsync(buffer);
        Assert.Equal((whole.Length, false), (received.Count, received.IsCut));
        Assert.Equal(whole, buffer[..received.Count]);

        // Of a receive that was taken back the buffer was a short one.
        await ThrowsAsync<TimeoutException>(() => server.ReceiveAsync(new byte[10]).WithTimeout(TimeSpan.FromMilliseconds(10)));
        await client.SendAsync(whole);
        Assert.True((await server.ReceiveAsync(new byte[100_000])).IsCut);
        Assert.Equal(SocketError.MessageSize, (await ThrowsAsync<ConnectionException>(() => client.SendAsync(new byte[2_000_000]))).ErrorCode);
    });

    [Fact]
    public void The_file_goes_with_its_socket_unless_another_stands_there() => RunIntoTimeouts(async () =>
    {
        SkipInMemory();
        using (UnixDatagramSocket.Bind(At("s")))
        {
            Assert.True(File.Exists(At("s")));
            Assert.Equal(SocketError.AddressAlreadyInUse, Assert.Throws<ConnectionException>(() => UnixDatagramSocket.Bind(At("s"))).ErrorCode);
        }

        Assert.False(File.Exists(At("s")));
        var old = UnixDatagramSocket.Bind(At("s"));
        File.Delete(At("s"));
        using var successor = UnixDatagramSocket.Bind(At("s"));
        old.Dispose();
        old.Dispose();
        Assert.True(File.Exists(At("s")));

        // A dead program's is replaced; what is no socket is not.
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(At("d")));
            File.Move(At("d"), At("dead"));
        }

        UnixDatagramSocket.Bind(At("dead")).Dispose();
        await File.WriteAllTextAsync(At("file"), "mine", TestContext.Current.CancellationToken);
        Assert.Contains("a file at that path, which is no socket", Assert.Throws<ConnectionException>(() => UnixDatagramSocket.Bind(At("file"))).Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(At("file"), TestContext.Current.CancellationToken));
    });

    [Fact]
    public void A_receive_that_is_cancelled_loses_nothing_and_closing_ends_one() => RunIntoTimeouts(async () =>
    {
        using var server = UnixDatagramSocket.Bind(At("server"));
        using var client = UnixDatagramSocket.Connect(At("server"));
        await ThrowsAsync<TimeoutException>(() => server.ReceiveAsync(new byte[10]).WithTimeout(TimeSpan.FromMilliseconds(10)));
        await client.SendAsync("kept"u8.ToArray());
        Assert.Equal(4, (await server.ReceiveAsync(new byte[10])).Count);
        var receiving = LoopTask.Start(server.ReceiveAsync(new byte[10]));
        await SettleAsync();
        server.Dispose();
        Assert.Equal(SocketError.OperationAborted, (await ThrowsAsync<ConnectionException>(async () => await receiving)).ErrorCode);
    });
}
