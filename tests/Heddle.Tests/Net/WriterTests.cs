using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What holds for writers on every poller.</summary>
public abstract class WriterTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : WriterTests(Pollers.Epoll);

    public sealed class OnSockets() : WriterTests(Pollers.Sockets);

    public sealed class InMemory() : WriterTests(OnMemory);

    [Fact]
    public void What_is_written_leaves_at_the_end_of_the_pass_in_the_order_of_writing() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        writer.Write("one "u8);
        writer.Write("two ");
        writer.GetSpan(3)[0] = (byte)'3';
        writer.Advance(1);
        Assert.Equal(9, writer.Pending);
        Assert.Equal("ByteWriter (9 bytes pending)", writer.ToString());
        await Coroutine.Yield();
        Assert.Equal(0, writer.Pending);
        var buffer = new byte[100];
        Assert.Equal(9, await peer.ReceiveAsync(buffer));
        Assert.Equal("one two 3", Encoding.UTF8.GetString(buffer, 0, 9));
    }));

    [Fact]
    public void Draining_waits_above_the_high_mark_until_the_low_one() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        writer.SetMarks(high: 100_000, low: 50_000);
        Assert.Equal((100_000, 50_000), (writer.HighMark, writer.LowMark));
        await FillAsync(writer, 100_000);
        Assert.Equal(100_000, writer.Pending);
        await writer.DrainAsync();
        writer.Write(new byte[1]);
        var draining = LoopTask.Start(writer.DrainAsync());
        while (!draining.IsCompleted)
        {
            Assert.True(writer.Pending > 50_000 || draining.IsCompleted || await OneMorePassAsync(draining));
            await peer.ReceiveAsync(new byte[5000]);
        }

        Assert.InRange(writer.Pending, 1, 50_000);
    }));

    [Fact]
    [Trait("pitfall", "20")]
    public void Several_tasks_wait_in_a_drain_and_all_go_on() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        await FillAsync(writer, 200_000);
        var order = new List<int>();
        var drainers = Enumerable.Range(0, 5).Select(i => LoopTask.Start(async () =>
        {
            await (i == 3 ? writer.FlushAsync() : writer.DrainAsync());
            order.Add(i);
        })).ToArray();
        await SettleAsync();
        Assert.Empty(order);
        drainers[1].Cancel("one of them gives up");
        var receiving = LoopTask.Start(ReceiveAllAsync(peer));
        foreach (var drainer in drainers)
        {
            await LoopTask.WhenAny(drainer);
        }

        Assert.Equal([0, 2, 4, 3], order);
        Assert.Equal(0, writer.Pending);
        await writer.FinishAsync();
        await receiving;
    }));

    [Fact]
    [Trait("pitfall", "20")]
    public void A_drain_that_never_has_to_wait_leaves_others_their_turn() => Run(() => WithPairAsync(async (here, there) =>
    {
        var writer = new ByteWriter(here);
        var turns = 0;
        var isOver = false;
        var other = LoopTask.Start(async () =>
        {
            while (!isOver)
            {
                turns++;
                await Coroutine.Yield();
            }
        });
        var receiving = LoopTask.Start(ReceiveAllAsync(there));
        for (var i = 0; i < 10_000; i++)
        {
            writer.Write("x"u8);
            await writer.DrainAsync();
        }

        isOver = true;
        await other;
        await writer.FinishAsync();
        Assert.Equal(10_000, (await receiving).Length);
        Assert.InRange(turns, 10_000 / 200, int.MaxValue);
    }));

    [Fact]
    public void Flushing_waits_until_the_system_has_all() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        var whole = Pattern(1_000_000);
        writer.Write(whole);
        var flushing = LoopTask.Start(writer.FlushAsync());
        await SettleAsync();
        Assert.False(flushing.IsCompleted);
        var receiving = LoopTask.Start(ReceiveAllAsync(peer));
        await flushing;
        Assert.Equal(0, writer.Pending);
        await writer.FinishAsync();
        Assert.Equal(whole, await receiving);
    }));

    [Fact]
    public void Writing_asynchronously_waits_for_room_first() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        writer.SetMarks(high: 1000);
        var sending = LoopTask.Start(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await writer.WriteAsync(Pattern(1000, i * 1000));
                Assert.InRange(writer.Pending, 0, 2000);
            }

            await writer.FinishAsync();
        });
        Assert.Equal(Pattern(1_000_000), await ReceiveAllAsync(peer));
        await sending;
    }));

    [Fact]
    public void Finishing_sends_everything_first_also_what_is_written_meanwhile() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        writer.Write(Pattern(300_000));
        var writing = LoopTask.Start(async () =>
        {
            await writer.FlushAsync();
            writer.Write(Pattern(300_000, 300_000));
        });
        var finishing = LoopTask.Start(writer.FinishAsync());
        Assert.Equal(Pattern(600_000), await ReceiveAllAsync(peer));
        await finishing;
        await writing;
        await writer.FinishAsync();
        var failure = Assert.Throws<InvalidOperationException>(() => writer.Write("more"u8));
        Assert.Contains("after sending had been finished", failure.Message);
    }));

    [Fact]
    [Trait("rule", "13")]
    public void A_finish_that_is_cancelled_takes_nothing_back_and_can_be_done_again() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        writer.Write(Pattern(300_000));
        var finishing = LoopTask.Start(writer.FinishAsync());
        await SettleAsync();
        finishing.Cancel("not now");
        await LoopTask.WhenAny(finishing);
        writer.Write(Pattern(10, 300_000));
        var receiving = LoopTask.Start(ReceiveAllAsync(peer));
        await writer.FinishAsync();
        Assert.Equal(Pattern(300_010), await receiving);
    }));

    [Fact]
    public void When_the_connection_breaks_all_who_wait_are_told_and_so_is_who_writes_later() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        writer.Write(Pattern(1_000_000));
        var waiting = new[] { LoopTask.Start(writer.DrainAsync()), LoopTask.Start(writer.FlushAsync()), LoopTask.Start(writer.FinishAsync()) };
        await SettleAsync();
        var end = peer.LocalEndPoint;
        peer.Abort();
        foreach (var task in waiting)
        {
            var failure = await ThrowsAsync<ConnectionException>(async () => await task);
            Assert.Contains(failure.ErrorCode, new[] { SocketError.ConnectionReset, SocketError.Shutdown });
            Assert.StartsWith($"Sending to {end} failed: ", failure.Message);
        }

        Assert.Equal(0, writer.Pending);
        Assert.Throws<ConnectionException>(() => writer.Write("more"u8));
        await ThrowsAsync<ConnectionException>(() => writer.DrainAsync());
        await ThrowsAsync<ConnectionException>(() => writer.FinishAsync());
    }));

    [Fact]
    public void Memory_that_was_handed_out_stays_the_writers_until_it_is_advanced_over() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        writer.Write("first "u8);
        var memory = writer.GetMemory(100);
        while (writer.Pending > 0)
        {
            await Coroutine.Yield();
        }

        // What goes round in the pool meanwhile is not this.
        var others = Enumerable.Range(0, 20).Select(_ => ArrayPool<byte>.Shared.Rent(16 * 1024)).ToList();
        others.ForEach(other => other.AsSpan().Fill((byte)'!'));
        "second"u8.CopyTo(memory.Span);
        others.ForEach(other => Assert.True(other.AsSpan().IndexOfAnyExcept((byte)'!') < 0));
        writer.Advance(6);
        await writer.FinishAsync();
        Assert.Equal("first second", Encoding.UTF8.GetString(await ReceiveAllAsync(peer)));
        others.ForEach(other => ArrayPool<byte>.Shared.Return(other));
    }));

    [Fact]
    public void Serializers_write_into_it() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        await using (var json = new System.Text.Json.Utf8JsonWriter(writer))
        {
            json.WriteStartArray();
            for (var i = 0; i < 1000; i++)
            {
                json.WriteNumberValue(i);
            }

            json.WriteEndArray();
        }

        var receiving = LoopTask.Start(ReceiveAllAsync(peer));
        await writer.FinishAsync();
        Assert.Equal($"[{string.Join(',', Enumerable.Range(0, 1000))}]", Encoding.UTF8.GetString(await receiving));
    }));

    [Fact]
    public void Wrong_arguments_are_refused() => Run(() => WithWriterAsync((writer, _) =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.SetMarks(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.SetMarks(10, 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(1));
        Assert.Throws<ArgumentNullException>(() => writer.Write((string)null!));
        return default;
    }));

    /// <summary>Writes until the system takes no more and so much waits.</summary>
    private static async Coroutine FillAsync(ByteWriter writer, int pending)
    {
        while (writer.Pending < pending)
        {
            writer.Write(new byte[pending - writer.Pending]);
            await SettleAsync();
        }
    }

    private static async Coroutine<bool> OneMorePassAsync(LoopTask task)
    {
        await SettleAsync();
        return task.IsCompleted;
    }
}
