using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Heddle.Tests.Net;

public sealed class EventLoopGroupTests
{
    [Fact]
    public async Task Several_loops_share_a_port()
    {
        await using var group = new EventLoopGroup(2);
        using var stop = new CancellationTokenSource();
        var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
        var served = new ConcurrentDictionary<string, int>();
        var serving = group.ServeTcpAsync(
            endPoint,
            async connection =>
            {
                served.AddOrUpdate(EventLoop.Current.Name, 1, (_, count) => count + 1);
                connection.Writer.Write("hello\n");
                await connection.Writer.FlushAsync();
            },
            cancellationToken: stop.Token);

        for (var i = 0; i < 64; i++)
        {
            Assert.Equal("hello\n", await HearAsync(endPoint));
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.Equal(64, served.Values.Sum());

        // The kernel spreads connections by a hash of their ends: that one loop gets none of 64 has a chance of 1 in 2^63.
        Assert.Equal(["loop-0", "loop-1"], served.Keys.Order());
    }

    [Fact]
    public async Task When_one_loop_fails_the_others_are_stopped_and_the_failure_comes_out()
    {
        await using var group = new EventLoopGroup(3);
        var number = 0;

        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => group.RunAsync(async () =>
        {
            if (Interlocked.Increment(ref number) == 2)
            {
                throw new InvalidDataException("broken");
            }

            await Coroutine.Delay(Timeout.InfiniteTimeSpan);
        }));

        Assert.Equal("broken", failure.Message);
    }

    private static async Task<string> HearAsync(IPEndPoint endPoint)
    {
        using var client = new TcpClient();

        // The loops begin to listen on threads of their own, and say nothing when they do.
        while (!client.Connected)
        {
            try
            {
                await client.ConnectAsync(endPoint);
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                await Task.Yield();
            }
        }

        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }

    private static int FreePort()
    {
        using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
