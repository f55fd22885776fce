using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What throws in the midst of I/O is the failure of that one operation: the loop and all others go on.</summary>
public abstract class ThrownFaultTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : ThrownFaultTests(Pollers.Epoll);

    public sealed class OnSockets() : ThrownFaultTests(Pollers.Sockets);

    [Fact]
    public void Memory_that_is_gone_when_something_comes_fails_the_receive_that_was_to_use_it() => Run(() => WithPairAsync(async (here, there) =>
    {
        var lost = new LostMemory(100);
        var receiving = LoopTask.Start(there.ReceiveAsync(lost.Memory));
        var reading = LoopTask.Start(here.ReceiveAsync(new byte[10]));
        await SettleAsync();
        lost.IsLost = true;
        await here.SendAsync("one"u8.ToArray());
        Assert.Equal("lost", (await ThrowsAsync<InvalidDataException>(async () => await receiving)).Message);

        // Nothing was received into it, and both ends are usable.
        Assert.Equal(3, await there.ReceiveAsync(new byte[100]));
        await there.SendAsync("two"u8.ToArray());
        Assert.Equal(3, await reading);
        await ThrowsAsync<InvalidDataException>(async () => await there.ReceiveAsync(lost.Memory));
        Assert.Empty(Reports);
    }));

    [Fact]
    public void Memory_that_is_gone_when_there_is_room_fails_the_send_that_was_to_use_it() => Run(() => WithPairAsync(
        async (here, there) =>
        {
            var lost = new LostMemory(4_000_000);
            var sending = LoopTask.Start(here.SendAsync(lost.Memory));
            await SettleAsync();
            Assert.False(sending.IsCompleted);
            lost.IsLost = true;
            var receiving = LoopTask.Start(async () =>
            {
                while (!sending.IsCompleted)
                {
                    await there.ReceiveAsync(new byte[100_000]).WithTimeout(Hour);
                }
            });
            Assert.Equal("lost", (await ThrowsAsync<InvalidDataException>(async () => await sending)).Message);
            await here.SendAsync(new byte[1]);
            here.Dispose();
            await receiving;
            Assert.Empty(Reports);
        },
        Small));

    [Fact]
    public void Memory_that_is_gone_fails_the_read_of_a_stream_which_can_be_read_again() => Run(() => WithConnectionAsync(async (client, server) =>
    {
        await using var stream = client.AsStream();
        var lost = new LostMemory(100);
        var reading = stream.ReadAsync(lost.Memory, TestContext.Current.CancellationToken);
        await SettleAsync();
        lost.IsLost = true;
        server.Writer.Write("hello"u8);
        Assert.Equal("lost", (await ThrowsAsync<InvalidDataException>(async () => await reading)).Message);
        Assert.Equal("lost", (await ThrowsAsync<InvalidDataException>(
            async () => await stream.ReadExactlyAsync(lost.Memory, TestContext.Current.CancellationToken))).Message);
        Assert.Equal(5, await stream.ReadAsync(new byte[100], TestContext.Current.CancellationToken));
    }));

    [Fact]
    public void Memory_that_is_gone_fails_the_datagrams_receive() => Run(async () =>
    {
        using var here = UdpSocket.Bind(AnyPort);
        using var there = UdpSocket.Connect(here.LocalEndPoint);
        var lost = new LostMemory(100);
        var receiving = LoopTask.Start(here.ReceiveAsync(lost.Memory));
        await SettleAsync();
        lost.IsLost = true;
        await there.SendAsync("x"u8.ToArray());
        Assert.Equal("lost", (await ThrowsAsync<InvalidDataException>(async () => await receiving)).Message);
        await there.SendAsync("y"u8.ToArray());
        Assert.Equal(1, (await here.ReceiveAsync(new byte[100])).Count);
    });

    [Fact]
    public void A_completion_that_throws_is_reported_and_harms_nobody_else() => Run(() => WithPairAsync(async (here, there) =>
    {
        Assert.True(there.Receive(new byte[10], new Throwing()).IsPending);
        await here.SendAsync("hello"u8.ToArray());
        while (Reports.Count == 0)
        {
            await Coroutine.Delay(Second);
        }

        Assert.Equal(LoopReportKind.CallbackFailed, Assert.Single(Reports).Kind);
        Assert.Contains("made up", Reports[0].Message);
        await here.SendAsync("again"u8.ToArray());
        Assert.Equal(5, await there.ReceiveAsync(new byte[10]));
    }));

    [Fact]
    public void A_transport_that_throws_fails_the_read_and_the_loop_goes_on() => Run(async () =>
    {
        var reader = new ByteReader(new ThrowingTransport());
        var hasCleanedUp = false;
        var other = LoopTask.Start(async () =>
        {
            try
            {
                await Coroutine.Delay(Hour);
            }
            finally
            {
                hasCleanedUp = true;
            }
        });
        await ThrowsAsync<InvalidTimeZoneException>(async () => await reader.ReadAsync(new byte[10]));
        await ThrowsAsync<InvalidTimeZoneException>(async () => await reader.ReadToEndAsync());
        await ThrowsAsync<InvalidTimeZoneException>(async () => await reader.ReadLineAsync());
        Assert.False(hasCleanedUp);
        await other;
        Assert.Empty(Reports);
    });

    [Fact]
    public void A_transport_that_throws_fails_who_waits_for_the_sending_and_every_later_write() => Run(async () =>
    {
        var writer = new ByteWriter(new ThrowingTransport());
        writer.Write("hello"u8);
        var failure = await ThrowsAsync<ConnectionException>(writer.FlushAsync);
        Assert.IsType<InvalidTimeZoneException>(failure.InnerException);
        Assert.Contains("made up", failure.Message);
        Assert.Throws<ConnectionException>(() => writer.Write("more"u8));
    });

    /// <summary>As a pool's that was given back while it was still in use.</summary>
    private sealed class LostMemory(int length) : MemoryManager<byte>
    {
        private readonly byte[] _bytes = new byte[length];

        internal bool IsLost { get; set; }

        public override Span<byte> GetSpan() => IsLost ? throw new InvalidDataException("lost") : _bytes;

        public override MemoryHandle Pin(int elementIndex = 0)
            => IsLost ? throw new InvalidDataException("lost") : _bytes.AsMemory(elementIndex).Pin();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class Throwing : IIoCompletion<int>
    {
        public void Complete(IoResult<int> result) => throw new InvalidTimeZoneException("made up");
    }

    private sealed class ThrowingTransport : StreamTransport
    {
        public override EndPoint? LocalEndPoint => null;

        public override EndPoint? RemoteEndPoint => null;

        public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion) => throw new InvalidTimeZoneException("made up");

        public override bool TryCancelReceive() => false;

        public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion)
            => throw new InvalidTimeZoneException("made up");

        public override bool TryCancelSend() => false;

        public override IoResult<int> FinishSending(IIoCompletion<int> completion) => new(SocketError.OperationNotSupported);

        public override void Abort()
        {
        }

        public override void Dispose()
        {
        }
    }
}
