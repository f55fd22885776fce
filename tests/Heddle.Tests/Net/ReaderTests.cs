using System.Net;
using System.Net.Sockets;
using System.Text;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What holds for readers on every poller.</summary>
public abstract class ReaderTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : ReaderTests(Pollers.Epoll);

    public sealed class OnSockets() : ReaderTests(Pollers.Sockets);

    public sealed class InMemory() : ReaderTests(OnMemory);

    [Fact]
    public void Some_bytes_are_read_as_they_come() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        await peer.SendAsync("abcdef"u8.ToArray());
        var buffer = new byte[4];
        Assert.Equal(4, await reader.ReadAsync(buffer));
        Assert.Equal("abcd"u8, buffer);
        Assert.Equal("e"u8.ToArray(), await reader.ReadAsync(1));
        Assert.Equal("f"u8.ToArray(), await reader.ReadAsync(100));
        Assert.Equal(0, reader.Buffered);
        await peer.FinishSendingAsync();
        Assert.Empty(await reader.ReadAsync(100));
        Assert.Equal(0, await reader.ReadAsync(buffer));
        Assert.True(reader.IsAtEnd);
    }));

    [Fact]
    public void A_read_of_nothing_waits_until_something_is_there() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        var waiting = LoopTask.Start(reader.ReadAsync(Memory<byte>.Empty));
        await SettleAsync();
        Assert.False(waiting.IsCompleted);
        await peer.SendAsync("abc"u8.ToArray());
        Assert.Equal(0, await waiting);
        Assert.Equal("abc"u8.ToArray(), await reader.ReadAsync(100));
    }));

    [Fact]
    public void What_has_arrived_can_be_read_without_waiting() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        var buffer = new byte[10];
        Assert.Equal(0, reader.TryRead(buffer));
        await peer.SendAsync("ab\ncd"u8.ToArray());
        Assert.Equal("ab", await reader.ReadLineAsync());
        Assert.Equal(2, reader.Buffered);
        Assert.Equal("ByteReader (2 bytes buffered)", reader.ToString());
        Assert.Equal(2, reader.TryRead(buffer));
        Assert.Equal("cd"u8, buffer.AsSpan(0, 2));
    }));

    [Fact]
    public void So_many_bytes_are_waited_for() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        var reading = LoopTask.Start(reader.ReadExactlyAsync(100_000));
        var sending = LoopTask.Start(peer.SendAsync(Pattern(100_001)));
        Assert.Equal(Pattern(100_000), await reading);
        Assert.Equal(Pattern(1, 100_000), await reader.ReadExactlyAsync(1));
        Assert.Empty(await reader.ReadExactlyAsync(0));
        await sending;
    }));

    [Fact]
    public void An_end_that_comes_too_early_tells_what_had_come() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        await peer.SendAsync("abc"u8.ToArray());
        await peer.FinishSendingAsync();
        var failure = await ThrowsAsync<IncompleteReadException>(async () => await reader.ReadExactlyAsync(10));
        Assert.Equal("abc"u8, failure.Partial.Span);
        Assert.Contains("after 3 bytes, where 10 were waited for", failure.Message);
        Assert.Contains(peer.LocalEndPoint!.ToString()!, failure.Message);
        failure = await ThrowsAsync<IncompleteReadException>(async () => await reader.ReadUntilAsync(";"u8.ToArray()));
        Assert.Equal(0, failure.Partial.Length);
    }));

    [Fact]
    public void A_length_that_is_only_announced_takes_no_memory() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = LoopTask.Start(reader.ReadExactlyAsync(1_500_000_000));
        await SettleAsync();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
        reading.Cancel();
        await ThrowsAsync<LoopTaskCanceledException>(async () => await reading);

        var sending = LoopTask.Start(async () =>
        {
            await peer.SendAsync(Pattern(3_000_000));
            await peer.FinishSendingAsync();
        });
        Assert.Equal(Pattern(2_000_000), await reader.ReadExactlyAsync(2_000_000));
        var failure = await ThrowsAsync<IncompleteReadException>(async () => await reader.ReadExactlyAsync(1_500_000_000));
        Assert.True(Pattern(1_000_000, 2_000_000).AsSpan().SequenceEqual(failure.Partial.Span));
        await sending;
    }));

    [Fact]
    public void A_separator_may_come_in_pieces() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        var reading = LoopTask.Start(reader.ReadUntilAsync("<end>"u8.ToArray()));
        foreach (var piece in "one<en<end>two<e"u8.ToArray().Chunk(3))
        {
            await SettleAsync();
            await peer.SendAsync(piece);
        }

        Assert.Equal("one<en<end>", Encoding.UTF8.GetString(await reading));
        await peer.FinishSendingAsync();
        var failure = await ThrowsAsync<IncompleteReadException>(async () => await reader.ReadUntilAsync("<end>"u8.ToArray()));
        Assert.Equal("two<e"u8, failure.Partial.Span);
    }));

    [Fact]
    public void Lines_end_with_a_line_feed_or_with_both_and_the_last_may_lack_it() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        await peer.SendAsync("one\ntwo\r\n\r\n\nth\rree\r\nlast\r"u8.ToArray());
        await peer.FinishSendingAsync();
        var lines = new List<string?>();
        for (var i = 0; i < 7; i++)
        {
            lines.Add(await reader.ReadLineAsync());
        }

        Assert.Equal(["one", "two", "", "", "th\rree", "last\r", null], lines);
    }));

    [Fact]
    public void A_line_that_is_too_long_is_refused_and_stays_to_be_read() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        await peer.SendAsync("12345678\n123456789\n"u8.ToArray());
        Assert.Equal("12345678", await reader.ReadLineAsync(limit: 9));
        var failure = await ThrowsAsync<InvalidDataException>(async () => await reader.ReadLineAsync(limit: 9));
        Assert.Contains("longer than the limit of 9 bytes", failure.Message);
        failure = await ThrowsAsync<InvalidDataException>(async () => await reader.ReadLineAsync(limit: 5));
        Assert.Equal("123456789", await reader.ReadLineAsync(limit: 10));

        // Refused as soon as it cannot fit, although no end has come.
        await peer.SendAsync("1234567890"u8.ToArray());
        await ThrowsAsync<InvalidDataException>(async () => await reader.ReadUntilAsync(";"u8.ToArray(), limit: 10));
        Assert.Equal("1234567890"u8.ToArray(), await reader.ReadExactlyAsync(10));
    }));

    [Fact]
    public void The_rest_is_read_to_its_end_unless_it_is_too_long() => Run(async () =>
    {
        await WithReaderAsync(async (peer, reader) =>
        {
            var sending = LoopTask.Start(async () =>
            {
                await peer.SendAsync("first\n"u8.ToArray());
                await peer.SendAsync(Pattern(300_000));
                await peer.FinishSendingAsync();
            });
            Assert.Equal("first", await reader.ReadLineAsync());
            Assert.Equal(Pattern(300_000), await reader.ReadToEndAsync(limit: 300_000));
            Assert.Empty(await reader.ReadToEndAsync());
            await sending;
        });
        await WithReaderAsync(async (peer, reader) =>
        {
            await peer.SendAsync("x\n123456"u8.ToArray());
            await peer.FinishSendingAsync();
            Assert.Equal("x", await reader.ReadLineAsync());
            await ThrowsAsync<InvalidDataException>(async () => await reader.ReadToEndAsync(limit: 5));
            Assert.Equal("123456"u8.ToArray(), await reader.ReadToEndAsync(limit: 6));
        });
    });

    [Fact]
    public void A_stream_without_an_end_is_read_to_a_limit() => Run(async () =>
    {
        var reader = new ByteReader(new EndlessTransport());
        var failure = await ThrowsAsync<InvalidDataException>(async () => await reader.ReadToEndAsync());
        Assert.Contains("longer than the limit of 134217728 bytes", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Chunks_are_the_stream_in_pieces() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        var sending = LoopTask.Start(async () =>
        {
            await peer.SendAsync(Pattern(200_000));
            await peer.FinishSendingAsync();
        });
        var all = new MemoryStream();
        await foreach (var chunk in reader.ReadChunksAsync())
        {
            all.Write(chunk.Span);
        }

        Assert.Equal(Pattern(200_000), all.ToArray());
        Assert.True(reader.IsAtEnd);
        await sending;
    }));

    [Fact]
    public void Leaving_the_chunks_early_leaves_what_comes_after_the_last_one() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        await peer.SendAsync("head\nchunk"u8.ToArray());
        Assert.Equal("head", await reader.ReadLineAsync());
        await foreach (var chunk in reader.ReadChunksAsync())
        {
            Assert.Equal("chunk"u8, chunk.Span);
            break;
        }

        await peer.SendAsync("rest\n"u8.ToArray());
        Assert.Equal("rest", await reader.ReadLineAsync());
    }));

    [Fact]
    public void Between_chunks_the_stream_may_be_read_in_any_other_way() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        await peer.SendAsync("one"u8.ToArray());
        var got = new List<string>();
        await foreach (var chunk in reader.ReadChunksAsync())
        {
            got.Add(Encoding.UTF8.GetString(chunk.Span));
            if (got.Count == 1)
            {
                await peer.SendAsync("a line\nthen "u8.ToArray());
                got.Add((await reader.ReadLineAsync())!);
                await peer.SendAsync("the end"u8.ToArray());
                await peer.FinishSendingAsync();
            }
        }

        Assert.Equal(["one", "a line"], got.Take(2));
        Assert.Equal("then the end", string.Concat(got.Skip(2)));
    }));

    [Fact]
    public void Lines_are_enumerated_to_the_end() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        await peer.SendAsync("one\r\ntwo\nthree"u8.ToArray());
        await peer.FinishSendingAsync();
        var lines = new List<string>();
        await foreach (var line in reader.ReadLinesAsync())
        {
            lines.Add(line);
        }

        Assert.Equal(["one", "two", "three"], lines);
    }));

    [Fact]
    [Trait("rule", "13")]
    public void A_read_that_is_cancelled_puts_back_what_it_had() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        async Coroutine CancelledAsync(Coroutine read)
        {
            var reading = LoopTask.Start(read);
            await SettleAsync();
            reading.Cancel("enough");
            await LoopTask.WhenAny(reading);
            Assert.True(reading.IsCanceled);
        }

        var sent = 0;
        foreach (var read in new Func<Coroutine>[]
        {
            () => reader.ReadExactlyAsync(1000), () => reader.ReadUntilAsync("\n"u8.ToArray()), () => reader.ReadLineAsync(),
            () => reader.ReadToEndAsync(), () => reader.ReadExactlyAsync(new byte[1000]),
        })
        {
            await peer.SendAsync(Pattern(5, from: 100 + sent));
            sent += 5;
            await CancelledAsync(read());
        }

        Assert.Equal(Pattern(sent, from: 100), await reader.ReadExactlyAsync(sent));
    }));

    [Fact]
    [Trait("rule", "7")]
    public void In_a_cancelled_scope_every_read_throws_and_takes_nothing() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        await peer.SendAsync("x\none\ntwo\n"u8.ToArray());
        Assert.Equal("x", await reader.ReadLineAsync());
        foreach (var read in new Func<Coroutine>[]
        {
            () => reader.ReadAsync(new byte[1]), () => reader.ReadAsync(1), () => reader.ReadExactlyAsync(1),
            () => reader.ReadExactlyAsync(new byte[1]), () => reader.ReadUntilAsync("\n"u8.ToArray()), () => reader.ReadLineAsync(),
            () => reader.ReadToEndAsync(), () => reader.ReadChunksAsync().GetAsyncEnumerator().MoveNextAsync(),
            () => reader.ReadLinesAsync().GetAsyncEnumerator().MoveNextAsync(),
        })
        {
            var ended = await CancelScope.RunAsync(async scope =>
            {
                scope.Cancel();
                await read();
            });
            Assert.False(ended);
            Assert.Equal(8, reader.Buffered);
        }
    }));

    [Fact]
    public void A_second_reader_gets_a_clear_error_and_takes_nothing_from_the_first() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        await peer.SendAsync("first \nsecond"u8.ToArray());
        Assert.Equal("first ", await reader.ReadLineAsync());
        var reading = LoopTask.Start(reader.ReadUntilAsync("."u8.ToArray()));
        await SettleAsync();
        async Coroutine AllAreRefusedAsync()
        {
            foreach (var read in new Func<Coroutine>[]
            {
                () => reader.ReadAsync(new byte[1]), () => reader.ReadAsync(1), () => reader.ReadExactlyAsync(1), () => reader.ReadLineAsync(),
                () => reader.ReadToEndAsync(), () => reader.ReadChunksAsync().GetAsyncEnumerator().MoveNextAsync(),
            })
            {
                var failure = await ThrowsAsync<InvalidOperationException>(read);
                Assert.StartsWith($"Receiving from {peer.LocalEndPoint} was begun while another task does it.", failure.Message);
            }

            Assert.Throws<InvalidOperationException>(() => reader.TryRead(new byte[1]));
        }

        await AllAreRefusedAsync();
        await peer.SendAsync(" half."u8.ToArray());

        // Also when what the first waits for has come and it has not had its turn yet.
        while (!reading.IsCompleted)
        {
            if (reader.Buffered > 6)
            {
                await AllAreRefusedAsync();
            }

            await Coroutine.Yield();
        }

        Assert.Equal("second half."u8.ToArray(), await reading);
        Assert.Equal(0, reader.TryRead(new byte[1]));
    }));

    [Fact]
    public void After_a_failure_what_had_arrived_is_read_first_and_then_it_fails_again_and_again() => Run(() => WithReaderAsync(async (peer, reader) =>
    {
        await peer.SendAsync("one\ntwo\nrest"u8.ToArray());
        Assert.Equal("one", await reader.ReadLineAsync());
        peer.Abort();
        Assert.Equal("two", await reader.ReadLineAsync());
        for (var i = 0; i < 2; i++)
        {
            var failure = await ThrowsAsync<ConnectionException>(async () => await reader.ReadLineAsync());
            Assert.Equal(SocketError.ConnectionReset, failure.ErrorCode);
        }

        Assert.Equal("rest"u8.ToArray(), await reader.ReadAsync(100));
        await ThrowsAsync<ConnectionException>(async () => await reader.ReadAsync(100));
    }));

    [Fact]
    public void Wrong_arguments_are_refused() => Run(() => WithReaderAsync(async (_, reader) =>
    {
        await ThrowsAsync<ArgumentOutOfRangeException>(async () => await reader.ReadAsync(0));
        await ThrowsAsync<ArgumentOutOfRangeException>(async () => await reader.ReadExactlyAsync(-1));
        await ThrowsAsync<ArgumentOutOfRangeException>(async () => await reader.ReadUntilAsync(default));
        await ThrowsAsync<ArgumentOutOfRangeException>(async () => await reader.ReadLineAsync(0));
        await ThrowsAsync<ArgumentOutOfRangeException>(async () => await reader.ReadToEndAsync(-1));
        Assert.Throws<ArgumentNullException>(() => new ByteReader(null!));
    }));

    private sealed class EndlessTransport : StreamTransport
    {
        public override EndPoint? LocalEndPoint => null;

        public override EndPoint? RemoteEndPoint => null;

        public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion) => new(buffer.Length);

        public override bool TryCancelReceive() => false;

        public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion) => throw new NotSupportedException();

        public override bool TryCancelSend() => false;

        public override IoResult<int> FinishSending(IIoCompletion<int> completion) => throw new NotSupportedException();

        public override void Abort()
        {
        }

        public override void Dispose()
        {
        }
    }
}
