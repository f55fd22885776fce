using System.Net;
using Heddle.LowLevel;
using Heddle.Testing;

namespace Heddle.Tests.Net;

/// <summary>
/// The ground of tests that hold on every poller: an abstract class has the tests, and one nested class for each poller runs them.
/// </summary>
public abstract class NetTests(Func<EventLoop, INetworkPoller> network)
{
    protected static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    protected Func<EventLoop, INetworkPoller> MakeNetwork => network;

    /// <summary>For a test that needs sockets of the system's at one end.</summary>
    protected void SkipInMemory() => Assert.SkipWhen(network == OnMemory, "The other end is a socket of the system's.");

    protected static Func<EventLoop, INetworkPoller> OnMemory { get; } = static loop => new MemoryNetwork().AttachTo(loop);

    protected static INetworkPoller Network => EventLoop.Current.Network;

    /// <summary>What the last run has reported.</summary>
    protected List<LoopReport> Reports { get; } = [];

    /// <summary>Runs over real sockets. The clock stands still while the network works, so that no timeout fires because the machine is busy.</summary>
    protected void Run(Func<Coroutine> body) => Run(body, TimeSpan.FromSeconds(60));

    /// <summary>The clock jumps to the next timeout as soon as the network has been silent for a little.</summary>
    protected void RunIntoTimeouts(Func<Coroutine> body) => Run(body, TimeSpan.FromMilliseconds(50));

    /// <param name="body">What to run.</param>
    /// <param name="idleGrace">See <see cref="VirtualTimeOptions.IdleGrace"/>.</param>
    /// <param name="queue">The order in which tasks run.</param>
    /// <param name="leavesOpen">Whether sockets may be in use at the end.</param>
    protected void Run(Func<Coroutine> body, TimeSpan idleGrace, Func<IReadyQueue>? queue = null, bool leavesOpen = false)
    {
        Assert.SkipWhen(network == Pollers.Epoll && !OperatingSystem.IsLinux(), "epoll is Linux's.");
        Reports.Clear();
        VirtualTime.Run(
            async () =>
            {
                await body();
                Assert.Equal(["main"], EventLoop.Current.Tasks.Select(task => task.Name));
                Assert.Equal(0, EventLoop.Current.ForeignWaits);
                Assert.True(leavesOpen || Network.PendingOperations == 0, "Something of the network is still under way.");
            },
            new() { Network = network, IdleGrace = idleGrace, ReadyQueue = queue, OnReport = Reports.Add });
    }

    /// <summary>Two transports that are connected to each other. Closed after the body.</summary>
    protected static async Coroutine WithPairAsync(Func<StreamTransport, StreamTransport, Coroutine> body, SocketSettings? settings = null)
    {
        using var listener = Network.Listen(AnyPort, new ListenSettings { ReceiveBufferSize = settings?.ReceiveBufferSize });
        using var here = await Network.ConnectAsync(listener.LocalEndPoint, settings);
        using var there = await listener.AcceptAsync();
        await body(here, there);
    }

    /// <summary>A transport, and a reader of what it sends.</summary>
    protected static Coroutine WithReaderAsync(Func<StreamTransport, ByteReader, Coroutine> body)
        => WithPairAsync((here, there) => body(here, new ByteReader(there)));

    /// <summary>A writer, and the transport that it writes to. Little fits between them.</summary>
    protected static Coroutine WithWriterAsync(Func<ByteWriter, StreamTransport, Coroutine> body)
        => WithPairAsync((here, there) => body(new ByteWriter(here), there), Small);

    /// <summary>A client's connection and the server's end of it, each closed after the body.</summary>
    protected static async Coroutine WithConnectionAsync(Func<TcpConnection, TcpConnection, Coroutine> body, SocketSettings? settings = null)
    {
        var accepted = new CoroutineSource<TcpConnection>();
        var isOver = new AsyncManualResetEvent();
        var options = new ServerOptions { Socket = new() { ReceiveBufferSize = settings?.ReceiveBufferSize, SendBufferSize = settings?.SendBufferSize } };
        await using var server = TcpServer.Start(
            AnyPort,
            async connection =>
            {
                accepted.SetResult(connection);
                await isOver.WaitAsync();
            },
            options);
        await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint, new ConnectOptions { Socket = settings ?? new() });
        try
        {
            await body(client, await accepted);
        }
        finally
        {
            isOver.Set();
        }
    }

    /// <summary>So that a sender soon has to wait.</summary>
    protected static SocketSettings Small { get; } = new() { SendBufferSize = 4096, ReceiveBufferSize = 4096 };

    /// <summary>Bytes that tell where they stood.</summary>
    protected static byte[] Pattern(int count, int from = 0)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            var at = from + i;
            bytes[i] = (byte)(at ^ (at >> 8) ^ (at >> 16));
        }

        return bytes;
    }

    /// <summary>Reads everything that a transport gets, to its end.</summary>
    protected static async Coroutine<byte[]> ReceiveAllAsync(StreamTransport transport)
    {
        var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await transport.ReceiveAsync(buffer) is var count and > 0)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }

    /// <summary>Lets every task that can run do so, several times.</summary>
    protected static async Coroutine SettleAsync()
    {
        for (var i = 0; i < 12; i++)
        {
            await Coroutine.Yield();
        }
    }
}
