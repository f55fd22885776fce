using System.Net.Sockets;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What goes wrong in networks, on every poller: each error names the end point and the cause, and nothing hangs.</summary>
public abstract class FaultTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : FaultTests(Pollers.Epoll);

    public sealed class OnSockets() : FaultTests(Pollers.Sockets);

    public sealed class InMemory() : FaultTests(OnMemory);

    [Fact]
    public void A_reset_in_mid_read_fails_the_read_and_keeps_what_had_come() => Run(() => WithConnectionAsync(async (client, server) =>
    {
        server.Writer.Write("half of"u8);
        var reading = LoopTask.Start(client.Reader.ReadExactlyAsync(100));
        await server.Writer.FlushAsync();
        await SettleAsync();
        server.Abort();
        var failure = await ThrowsAsync<ConnectionException>(async () => await reading);
        AssertNames(failure, "Receiving from", client, SocketError.ConnectionReset);

        // Whether it had arrived before the reset is the system's; what had, is kept.
        if (client.Reader.Buffered > 0)
        {
            Assert.Equal("half of"u8.ToArray(), await client.Reader.ReadExactlyAsync(7));
        }

        failure = await ThrowsAsync<ConnectionException>(async () => await client.Reader.ReadAsync(1));
        AssertNames(failure, "Receiving from", client, SocketError.ConnectionReset);
    }));

    [Fact]
    public void A_reset_in_mid_write_fails_the_drain_and_every_later_write() => Run(() => WithConnectionAsync(
        async (client, server) =>
        {
            client.Writer.Write(Pattern(4_000_000));
            var draining = LoopTask.Start(client.Writer.DrainAsync());
            await server.Reader.ReadExactlyAsync(10_000);
            Assert.False(draining.IsCompleted);
            server.Abort();
            var failure = await ThrowsAsync<ConnectionException>(async () => await draining);
            AssertNames(failure, "Sending to", client, SocketError.ConnectionReset, SocketError.Shutdown);
            failure = Assert.Throws<ConnectionException>(() => client.Writer.Write("more"u8));
            AssertNames(failure, "Sending to", client, SocketError.ConnectionReset, SocketError.Shutdown);
            Assert.Equal(0, client.Writer.Pending);
        },
        Small));

    [Fact]
    public void Writing_to_one_who_has_closed_fails() => Run(() => WithConnectionAsync(async (client, server) =>
    {
        await server.DisposeAsync();
        var failure = await ThrowsAsync<ConnectionException>(async () =>
        {
            while (true)
            {
                await client.Writer.WriteAsync(new byte[1000]);
                await client.Writer.FlushAsync();
            }
        });
        AssertNames(failure, "Sending to", client, SocketError.ConnectionReset, SocketError.Shutdown);
    }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Either_end_may_finish_first_and_the_other_go_on(bool clientFirst) => Run(() => WithConnectionAsync(async (client, server) =>
    {
        var (first, second) = clientFirst ? (client, server) : (server, client);
        first.Writer.Write("done\n");
        await first.Writer.FinishAsync();
        Assert.Equal("done\n"u8.ToArray(), await second.Reader.ReadToEndAsync());
        Assert.True(second.Reader.IsAtEnd);
        var sending = LoopTask.Start(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                second.Writer.Write(Pattern(10_000, i * 10_000));
                await second.Writer.DrainAsync();
            }

            await second.Writer.FinishAsync();
        });
        Assert.Equal(Pattern(1_000_000), await first.Reader.ReadToEndAsync());
        await sending;
        Assert.Throws<InvalidOperationException>(() => first.Writer.Write("x"u8));
    }));

    [Fact]
    public void To_one_who_never_reads_the_writer_waits_and_memory_stays_under_the_mark() => RunIntoTimeouts(() => WithConnectionAsync(
        async (client, _) =>
        {
            const int Piece = 10_000;
            client.Writer.SetMarks(high: 50_000);
            var written = 0L;
            var most = 0L;
            var writing = LoopTask.Start(async () =>
            {
                while (true)
                {
                    client.Writer.Write(new byte[Piece]);
                    written += Piece;
                    most = Math.Max(most, client.Writer.Pending);
                    await client.Writer.DrainAsync();
                }
            });
            await Coroutine.Delay(Second);
            var before = (written, client.Writer.Pending);
            await Coroutine.Delay(Hour);
            Assert.False(writing.IsCompleted);
            Assert.Equal(before, (written, client.Writer.Pending));
            Assert.InRange(most, 50_001, 50_000 + Piece);
            Assert.InRange(client.Writer.Pending, client.Writer.LowMark + 1, most);
            writing.Cancel("it never reads");
            await LoopTask.WhenAny(writing);
            Assert.True(writing.IsCanceled);
            client.Abort();
        },
        Small));

    [Fact]
    public void One_byte_at_a_time_makes_the_same_of_everything() => Run(() => WithConnectionAsync(async (client, server) =>
    {
        var sending = LoopTask.Start(async () =>
        {
            foreach (var one in "one\r\nt\u00e4o\n\r\n12345until;rest"u8.ToArray())
            {
                server.Writer.Write([one]);
                await server.Writer.FlushAsync();
                await SettleAsync();
            }

            await server.Writer.FinishAsync();
        });
        Assert.Equal("one", await client.Reader.ReadLineAsync());
        Assert.Equal("t\u00e4o", await client.Reader.ReadLineAsync());
        Assert.Equal("", await client.Reader.ReadLineAsync());
        Assert.Equal("12345"u8.ToArray(), await client.Reader.ReadExactlyAsync(5));
        Assert.Equal("until;"u8.ToArray(), await client.Reader.ReadUntilAsync(";"u8.ToArray()));
        Assert.Equal("rest"u8.ToArray(), await client.Reader.ReadToEndAsync());
        await sending;
    }));

    [Fact]
    public void A_timeout_around_a_read_leaves_the_connection_usable() => RunIntoTimeouts(() => WithConnectionAsync(async (client, server) =>
    {
        server.Writer.Write("par");
        await ThrowsAsync<TimeoutException>(async () => await client.Reader.ReadLineAsync().WithTimeout(Second));
        server.Writer.Write("tial\n");
        Assert.Equal("partial", await client.Reader.ReadLineAsync());
    }));

    [Fact]
    public void What_is_left_unread_at_the_closing_is_a_reset_to_who_sent_it() => Run(() => WithConnectionAsync(async (client, server) =>
    {
        server.Writer.Write("never read"u8);
        await server.Writer.FlushAsync();
        await client.DisposeAsync();
        var failure = await ThrowsAsync<ConnectionException>(async () => await server.Reader.ReadAsync(1));
        AssertNames(failure, "Receiving from", server, SocketError.ConnectionReset);
    }));

    [Fact]
    public void A_crowd_that_comes_and_is_reset_at_once_harms_no_server() => Run(async () =>
    {
        await using var server = TcpServer.Start(AnyPort, async connection =>
        {
            connection.Writer.Write(await connection.Reader.ReadExactlyAsync(1));
        });
        for (var i = 0; i < 300; i++)
        {
            var knocking = await Network.ConnectAsync(server.LocalEndPoint);
            knocking.Abort();
        }

        await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
        client.Writer.Write("x"u8);
        Assert.Equal("x"u8.ToArray(), await client.Reader.ReadToEndAsync());
        await server.StopAsync();
        Assert.Equal(0, server.ConnectionCount);
        Assert.Empty(Reports);
    });

    private static void AssertNames(ConnectionException failure, string doing, TcpConnection connection, params SocketError[] causes)
    {
        Assert.Contains(failure.ErrorCode, causes);
        Assert.Equal(connection.RemoteEndPoint, failure.EndPoint);
        Assert.StartsWith($"{doing} {connection.RemoteEndPoint} failed: ", failure.Message);
        Assert.DoesNotContain("the system says", failure.Message);
    }
}
