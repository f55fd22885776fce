using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What holds for connections on every poller.</summary>
public abstract class ConnectionTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : ConnectionTests(Pollers.Epoll);

    public sealed class OnSockets() : ConnectionTests(Pollers.Sockets);

    public sealed class InMemory() : ConnectionTests(OnMemory);

    [Fact]
    public void Closing_sends_what_was_written() => Run(() => WithConnectionAsync(
        async (client, server) =>
        {
            client.Writer.Write(Pattern(1_000_000));
            var closing = LoopTask.Start(async () => await client.DisposeAsync());
            Assert.Equal(Pattern(1_000_000), await server.Reader.ReadToEndAsync());
            await closing;
            Assert.True(client.IsClosed);
            Assert.Equal($"TcpConnection to {client.RemoteEndPoint} (closed)", client.ToString());
            await client.DisposeAsync();
            client.Abort();
        },
        Small));

    [Fact]
    [Trait("rule", "12")]
    public void In_a_cancelled_scope_closing_is_abrupt_and_throws_nothing() => Run(() => WithConnectionAsync(
        async (client, server) =>
        {
            await CancelScope.RunAsync(async scope =>
            {
                client.Writer.Write(Pattern(8_000_000));
                await SettleAsync();
                Assert.NotEqual(0, client.Writer.Pending);
                scope.Cancel();
                await client.DisposeAsync();
                Assert.True(client.IsClosed);
            });
            var failure = await ThrowsAsync<ConnectionException>(async () => await server.Reader.ReadToEndAsync());
            Assert.Equal(SocketError.ConnectionReset, failure.ErrorCode);
        },
        Small));

    [Fact]
    public void To_one_who_does_not_read_closing_waits_no_longer_than_it_may() => RunIntoTimeouts(() => WithConnectionAsync(
        async (client, server) =>
        {
            client.CloseTimeout = Second * 3;
            client.Writer.Write(Pattern(8_000_000));
            var began = EventLoop.Current.Now;
            await client.DisposeAsync();
            Assert.Equal(Second * 3, EventLoop.Current.Now - began);
            await ThrowsAsync<ConnectionException>(async () => await server.Reader.ReadToEndAsync());
        },
        Small));

    [Fact]
    public void Closing_fails_those_who_still_use_it() => Run(() => WithConnectionAsync(
        async (client, server) =>
        {
            client.Writer.Write(Pattern(8_000_000));
            var users = new[] { LoopTask.Start(client.Reader.ReadLineAsync()), (LoopTask)LoopTask.Start(client.Writer.FlushAsync()) };
            await SettleAsync();
            client.Abort();
            foreach (var user in users)
            {
                var failure = await ThrowsAsync<ConnectionException>(async () => await user);
                Assert.Equal(SocketError.OperationAborted, failure.ErrorCode);
                Assert.Equal(client.RemoteEndPoint, failure.EndPoint);
            }

            await ThrowsAsync<ConnectionException>(async () => await client.Reader.ReadAsync(10));
            Assert.Throws<ConnectionException>(() => client.Writer.Write("x"u8));
            await ThrowsAsync<ConnectionException>(async () => await server.Reader.ReadToEndAsync());
        },
        Small));

    [Fact]
    public void A_chunk_that_is_looked_at_outlives_the_closing() => Run(() => WithConnectionAsync(async (client, server) =>
    {
        server.Writer.Write(Pattern(1000));
        var failure = await ThrowsAsync<ConnectionException>(async () =>
        {
            await foreach (var chunk in client.Reader.ReadChunksAsync())
            {
                client.Abort();
                var others = Enumerable.Range(0, 20).Select(_ => ArrayPool<byte>.Shared.Rent(4096)).ToList();
                others.ForEach(other => other.AsSpan().Clear());
                Assert.Equal(Pattern(1000), chunk.ToArray());
                others.ForEach(other => ArrayPool<byte>.Shared.Return(other));
            }
        });
        Assert.Equal(SocketError.OperationAborted, failure.ErrorCode);
    }));

    [Fact]
    public void As_a_stream_it_begins_with_what_the_reader_holds() => Run(() => WithConnectionAsync(async (client, server) =>
    {
        server.Writer.Write("line\nrest ");
        Assert.Equal("line", await client.Reader.ReadLineAsync());
        var stream = client.AsStream();
        server.Writer.Write("and more\n");
        await server.Writer.FinishAsync();
        using var text = new StreamReader(stream);
        Assert.Equal("rest and more", await text.ReadLineAsync().OrCanceled());
        await stream.WriteAsync("answer"u8.ToArray()).OrCanceled();
        stream.Dispose();
        Assert.Equal("answer"u8.ToArray(), await server.Reader.ReadToEndAsync());
    }));

    [Fact]
    public void As_a_stream_it_is_refused_while_something_is_to_be_sent_or_someone_reads() => Run(() => WithConnectionAsync(async (client, _) =>
    {
        client.Writer.Write("x"u8);
        var failure = Assert.Throws<InvalidOperationException>(() => client.AsStream());
        Assert.Contains("1 bytes wait to be sent", failure.Message);
        await client.Writer.FlushAsync();
        var reading = LoopTask.Start(client.Reader.ReadLineAsync());
        await SettleAsync();
        Assert.Throws<InvalidOperationException>(() => client.AsStream());
        reading.Cancel();
        await LoopTask.WhenAny(reading);
        client.AsStream();
    }));

    [Fact]
    public void A_stream_can_be_used_from_other_threads() => Run(() => WithConnectionAsync(async (client, server) =>
    {
        var stream = client.AsStream();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
            {
                await stream.WriteAsync(Pattern(50, i * 50)).ConfigureAwait(false);
            }
        });
        Assert.Equal(Pattern(100_000), await server.Reader.ReadExactlyAsync(100_000));
        await writing.OrCanceled();
        var reading = Task.Run(async () =>
        {
            var got = new byte[100_000];
            await stream.ReadExactlyAsync(got).ConfigureAwait(false);
            return got;
        });
        server.Writer.Write(Pattern(100_000));
        Assert.Equal(Pattern(100_000), await reading.OrCanceled());
    }));

    [Fact]
    public void A_streams_read_is_cancelled_by_its_token_and_loses_nothing() => Run(() => WithConnectionAsync(async (client, server) =>
    {
        var stream = client.AsStream();
        var buffer = new byte[10];
        using (var source = new CancellationTokenSource())
        {
            var reading = stream.ReadAsync(buffer, source.Token).AsTask();
            source.Cancel();
            await ThrowsAsync<OperationCanceledException>(async () => await reading.OrCanceled());
        }

        server.Writer.Write("kept"u8);
        Assert.Equal(4, await stream.ReadAsync(buffer).OrCanceled());
        Assert.Equal("kept", Encoding.UTF8.GetString(buffer, 0, 4));
    }));

    [Fact]
    public void As_a_pipe_it_serves_libraries_over_pipelines() => Run(() => WithConnectionAsync(async (client, server) =>
    {
        var pipe = client.AsDuplexPipe();
        server.Writer.Write("to the pipe\n");
        SequencePosition? end;
        ReadResult read;
        do
        {
            read = await pipe.Input.ReadAsync().OrCanceled();
            end = read.Buffer.PositionOf((byte)'\n');
            if (end is null)
            {
                pipe.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        while (end is null);

        Assert.Equal("to the pipe", Encoding.UTF8.GetString(read.Buffer.Slice(0, end.Value)));
        pipe.Input.AdvanceTo(read.Buffer.GetPosition(1, end.Value));
        await pipe.Output.WriteAsync("from it\n"u8.ToArray()).OrCanceled();
        Assert.Equal("from it", await server.Reader.ReadLineAsync());
    }));

    [Fact]
    public void Another_thread_is_refused() => Run(() => WithConnectionAsync(async (client, _) =>
    {
        await Task.Run(() =>
        {
            Assert.Throws<InvalidOperationException>(() => client.Writer.Write("x"u8));
            Assert.Throws<InvalidOperationException>(() => client.Reader.TryRead(new byte[1]));
            var failure = Assert.Throws<InvalidOperationException>(client.Abort);
            Assert.Contains("Connection.Abort was called from another thread", failure.Message);
        }).OrCanceled();
        Assert.False(client.IsClosed);
    }));
}
