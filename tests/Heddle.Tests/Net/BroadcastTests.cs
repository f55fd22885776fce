using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Tests.Net;

/// <summary>Writing to many, of whom some do not read and some are gone, on every poller.</summary>
public abstract class BroadcastTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : BroadcastTests(Pollers.Epoll);

    public sealed class OnSockets() : BroadcastTests(Pollers.Sockets);

    public sealed class InMemory() : BroadcastTests(OnMemory);

    [Fact]
    public void One_who_never_reads_and_one_who_is_gone_harm_neither_the_server_nor_who_reads() => Run(async () =>
    {
        const int Count = 1000;
        var listeners = new List<ByteWriter>();
        var options = new ServerOptions { Socket = new() { SendBufferSize = 4096, ReceiveBufferSize = 4096 } };
        await using var server = TcpServer.Start(
            AnyPort,
            async connection =>
            {
                listeners.Add(connection.Writer);
                await connection.Reader.ReadToEndAsync();
            },
            options);
        var small = new ConnectOptions { Socket = Small };
        await using var silent = await TcpConnection.ConnectAsync(server.LocalEndPoint, small);
        await using var broken = await TcpConnection.ConnectAsync(server.LocalEndPoint, small);
        await using var reading = await TcpConnection.ConnectAsync(server.LocalEndPoint, small);
        while (listeners.Count < 3)
        {
            await Coroutine.Yield();
        }

        broken.Abort();
        var received = LoopTask.Start(reading.Reader.ReadExactlyAsync(Count * 1000));
        var tasks = EventLoop.Current.Tasks.Count;
        var (taken, most) = (new int[3], 0);
        for (var i = 0; i < Count; i++)
        {
            for (var one = 0; one < 3; one++)
            {
                taken[one] += listeners[one].TryWrite(Pattern(1000, i * 1000)) ? 1 : 0;
                Assert.InRange(listeners[one].Pending, 0, listeners[one].HighMark + 1000);
            }

            await listeners[2].FlushAsync();
            most = Math.Max(most, EventLoop.Current.Tasks.Count);
        }

        Assert.Equal(Pattern(Count * 1000), await received);
        Assert.Equal(Count, taken[2]);
        Assert.InRange(taken[0], 1, Count - 1);
        Assert.False(listeners[0].IsBroken);
        Assert.InRange(taken[1], 0, Count - 1);
        Assert.True(listeners[1].IsBroken);
        Assert.False(listeners[1].TryWrite("more"));
        Assert.Throws<ConnectionException>(() => listeners[1].Write("more"));
        Assert.InRange(most, 0, tasks);
        silent.Abort();
        reading.Writer.Write("bye");
        await reading.Writer.FinishAsync();
        await SettleAsync();
        Assert.Empty(Reports);
    });

    [Fact]
    public void What_a_try_takes_it_takes_whole_and_what_it_does_not_take_leaves_nothing_behind() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        writer.SetMarks(high: 1000);
        var (sent, tries) = (new MemoryStream(), 0);
        while (writer.TryWrite(Pattern(400, (int)sent.Length)))
        {
            sent.Write(Pattern(400, (int)sent.Length));
            Assert.InRange(writer.Pending, 0, 1400);
            if (++tries % 2 == 0)
            {
                await SettleAsync();
            }
        }

        Assert.InRange(writer.Pending, 1001, 1400);
        Assert.False(writer.TryWrite("no"));
        Assert.False(writer.IsBroken);
        var receiving = LoopTask.Start(ReceiveAllAsync(peer));
        await writer.DrainAsync();
        Assert.True(writer.TryWrite("yes"));
        await writer.FinishAsync();
        byte[] whole = [.. sent.ToArray(), .. "yes"u8];
        Assert.Equal(whole, await receiving);
        Assert.Throws<InvalidOperationException>(() => writer.TryWrite("after the end"));
        Assert.Throws<ArgumentNullException>(() => writer.TryWrite((string)null!));
    }));

    [Fact]
    public void A_connection_that_was_closed_here_takes_nothing_and_throws_nothing() => Run(() => WithConnectionAsync(async (here, there) =>
    {
        Assert.False(here.Writer.IsBroken);
        Assert.True(here.Writer.TryWrite("hello"u8));
        await here.DisposeAsync();
        Assert.True(here.Writer.IsBroken);
        Assert.False(here.Writer.TryWrite("more"u8));
        Assert.Equal(SocketError.OperationAborted, Assert.Throws<ConnectionException>(() => here.Writer.Write("more"u8)).ErrorCode);
        Assert.Equal("hello"u8.ToArray(), await there.Reader.ReadToEndAsync());
    }));
}
