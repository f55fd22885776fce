using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What holds for the transports of every poller.</summary>
public abstract class TransportTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : TransportTests(Pollers.Epoll);

    public sealed class OnSockets() : TransportTests(Pollers.Sockets);

    public sealed class InMemory() : TransportTests(OnMemory);

    [Fact]
    public void What_is_sent_is_received() => Run(() => WithPairAsync(async (here, there) =>
    {
        await here.SendAsync("hello"u8.ToArray());
        var buffer = new byte[100];
        Assert.Equal(5, await there.ReceiveAsync(buffer));
        Assert.Equal("hello"u8, buffer.AsSpan(0, 5));
        Assert.Equal(here.LocalEndPoint, there.RemoteEndPoint);
        Assert.Equal(there.LocalEndPoint, here.RemoteEndPoint);
    }));

    [Fact]
    public void A_receive_waits_for_what_is_sent_later() => Run(() => WithPairAsync(async (here, there) =>
    {
        var buffer = new byte[100];
        var receiving = LoopTask.Start(there.ReceiveAsync(buffer));
        await SettleAsync();
        Assert.False(receiving.IsCompleted);
        Assert.True(Network.PendingOperations > 0);
        await here.SendAsync("late"u8.ToArray());
        Assert.Equal(4, await receiving);
        Assert.Equal("late"u8, buffer.AsSpan(0, 4));
    }));

    [Fact]
    public void A_receive_of_nothing_waits_until_something_is_there_and_leaves_it() => Run(() => WithPairAsync(async (here, there) =>
    {
        var waiting = LoopTask.Start(there.ReceiveAsync(default));
        await SettleAsync();
        Assert.False(waiting.IsCompleted);
        await here.SendAsync("abc"u8.ToArray());
        Assert.Equal(0, await waiting);
        Assert.Equal(0, await there.ReceiveAsync(default));

        // One that has filled its buffer does not know whether there is more.
        Assert.Equal(3, await there.ReceiveAsync(new byte[3]));
        waiting = LoopTask.Start(there.ReceiveAsync(default));
        await SettleAsync();
        Assert.False(waiting.IsCompleted);
        await here.FinishSendingAsync();
        Assert.Equal(0, await waiting);
        Assert.Equal(0, await there.ReceiveAsync(new byte[3]));
        Assert.Equal(0, await there.ReceiveAsync(default));
    }));

    [Theory]
    [InlineData(3)]
    [InlineData(200)]
    public void Many_buffers_are_sent_as_if_they_were_one(int count) => Run(() => WithPairAsync(async (here, there) =>
    {
        var whole = Pattern(count * 100);
        var left = Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)whole.AsMemory(i * 100, 100)).ToArray();
        var receiving = LoopTask.Start(ReceiveAllAsync(there));
        while (left.Length > 0)
        {
            var sent = await SendSomeAsync(here, left);
            for (; left.Length > 0 && sent >= left[0].Length; left = left[1..])
            {
                sent -= left[0].Length;
            }

            if (sent > 0)
            {
                left[0] = left[0][sent..];
            }
        }

        await here.FinishSendingAsync();
        Assert.Equal(whole, await receiving);
    }));

    [Fact]
    [Trait("rule", "13")]
    public void A_receive_that_is_cancelled_loses_nothing() => Run(() => WithPairAsync(async (here, there) =>
    {
        for (var round = 0; round < 3; round++)
        {
            var buffer = new byte[100];
            var receiving = LoopTask.Start(there.ReceiveAsync(buffer));
            await SettleAsync();
            receiving.Cancel("not now");
            await LoopTask.WhenAny(receiving);
            Assert.True(receiving.IsCanceled);
            await here.SendAsync("kept"u8.ToArray());
            Assert.Equal(4, await there.ReceiveAsync(buffer));
            Assert.Equal("kept"u8, buffer.AsSpan(0, 4));
        }
    }));

    [Fact]
    public void A_send_that_is_cancelled_frees_the_callers_memory_and_sends_a_part_or_nothing() => Run(() => WithPairAsync(
        async (here, there) =>
        {
            var whole = Pattern(8_000_000);
            var copy = whole.ToArray();
            var sending = LoopTask.Start(here.SendAsync(copy));
            await SettleAsync();
            Assert.False(sending.IsCompleted);
            sending.Cancel("enough");
            await LoopTask.WhenAny(sending);
            Assert.True(sending.IsCanceled);
            copy.AsSpan().Clear();
            var receiving = LoopTask.Start(ReceiveAllAsync(there));
            await here.FinishSendingAsync();
            var got = await receiving;
            Assert.InRange(got.Length, 1, whole.Length - 1);
            Assert.True(whole.AsSpan(0, got.Length).SequenceEqual(got));
        },
        Small));

    [Fact]
    public void After_one_end_has_finished_the_other_may_still_send() => Run(() => WithPairAsync(async (here, there) =>
    {
        await here.SendAsync("question"u8.ToArray());
        await here.FinishSendingAsync();
        Assert.Equal("question"u8.ToArray(), await ReceiveAllAsync(there));
        await there.SendAsync("answer"u8.ToArray());
        await there.FinishSendingAsync();
        Assert.Equal("answer"u8.ToArray(), await ReceiveAllAsync(here));
    }));

    [Fact]
    public void An_abort_is_a_reset_to_the_other_end() => Run(() => WithPairAsync(async (here, there) =>
    {
        var receiving = LoopTask.Start(there.ReceiveAsync(new byte[10]));
        await SettleAsync();
        here.Abort();
        var failure = await ThrowsAsync<ConnectionException>(async () => await receiving);
        Assert.Equal(SocketError.ConnectionReset, failure.ErrorCode);
        Assert.Equal(there.RemoteEndPoint, failure.EndPoint);
        Assert.StartsWith($"Receiving from {there.RemoteEndPoint} failed: the other end reset the connection", failure.Message);
    }));

    [Fact]
    public void A_closing_is_an_end_to_the_other_end_also_after_a_receive_was_taken_back() => Run(() => WithPairAsync(async (here, there) =>
    {
        var receiving = LoopTask.Start(here.ReceiveAsync(new byte[10]));
        await SettleAsync();
        receiving.Cancel();
        await LoopTask.WhenAny(receiving);
        await here.SendAsync("last words"u8.ToArray());
        here.Dispose();
        Assert.Equal("last words"u8.ToArray(), await ReceiveAllAsync(there));
    }));

    [Fact]
    public void Closing_ends_what_is_under_way_and_all_that_comes_later_fails() => Run(() => WithPairAsync(
        async (here, there) =>
        {
            var receiving = LoopTask.Start(here.ReceiveAsync(new byte[10]));
            var sending = LoopTask.Start(here.SendAsync(Pattern(8_000_000)));
            await SettleAsync();
            here.Dispose();
            here.Dispose();
            Coroutine[] all =
            [
                here.ReceiveAsync(new byte[10]), here.ReceiveAsync(default), here.SendAsync(new byte[10]), here.FinishSendingAsync(),
                Awaiting(receiving), Awaiting(sending),
            ];
            foreach (var operation in all)
            {
                var failure = await ThrowsAsync<ConnectionException>(() => operation);
                Assert.Equal(SocketError.OperationAborted, failure.ErrorCode);
                Assert.Contains("this program closed it meanwhile", failure.Message);
            }

            there.Dispose();
        },
        Small));

    [Fact]
    public void Two_of_a_kind_at_once_are_an_error_that_says_what_to_do() => Run(() => WithPairAsync(
        async (here, _) =>
        {
            var receiving = LoopTask.Start(here.ReceiveAsync(new byte[10]));
            var sending = LoopTask.Start(here.SendAsync(Pattern(8_000_000)));
            await SettleAsync();
            var failure = await ThrowsAsync<InvalidOperationException>(async () => await here.ReceiveAsync(new byte[10]));
            Assert.StartsWith($"Receiving from {here.RemoteEndPoint} was begun while another task does it.", failure.Message);
            failure = await ThrowsAsync<InvalidOperationException>(async () => await here.SendAsync(new byte[10]));
            Assert.StartsWith($"Sending to {here.RemoteEndPoint} was begun while another task does it.", failure.Message);
            await ThrowsAsync<InvalidOperationException>(here.FinishSendingAsync);
            receiving.Cancel();
            sending.Cancel();
            await LoopTask.WhenAny(receiving);
            await LoopTask.WhenAny(sending);
        },
        Small));

    [Fact]
    public void Both_directions_are_under_way_at_once() => Run(() => WithPairAsync(
        async (here, there) =>
        {
            var (one, other) = (Pattern(3_000_000), Pattern(3_000_000, from: 77));
            async Coroutine SendAllAsync(StreamTransport transport, byte[] bytes)
            {
                await transport.SendAsync(bytes);
                await transport.FinishSendingAsync();
            }

            var tasks = new[] { LoopTask.Start(SendAllAsync(here, one)), LoopTask.Start(SendAllAsync(there, other)) };
            var gotHere = LoopTask.Start(ReceiveAllAsync(here));
            Assert.Equal(one, await ReceiveAllAsync(there));
            Assert.Equal(other, await gotHere);
            await tasks[0];
            await tasks[1];
        },
        Small));

    private static async Coroutine Awaiting(LoopTask task) => await task;

    private static Coroutine<int> SendSomeAsync(StreamTransport transport, ReadOnlyMemory<byte>[] buffers)
        => Suspend.UntilResumedAsync<(StreamTransport Transport, ReadOnlyMemory<byte>[] Buffers), int>(
            (transport, buffers),
            static (resumption, state) =>
            {
                var completion = new Completion<int>(resumption);
                if (state.Transport.Send(state.Buffers, completion) is { IsPending: false } result)
                {
                    completion.Complete(result);
                }
            },
            static state => state.Transport.TryCancelSend(),
            "room to send");

    private sealed class Completion<T>(Resumption<T> resumption) : IIoCompletion<T>
    {
        public void Complete(IoResult<T> result)
        {
            if (result.IsSuccess)
            {
                resumption.TryResume(result.Value);
            }
            else
            {
                resumption.TryFail(new SocketException((int)result.Error));
            }
        }
    }
}
