using System.Net;
using Heddle.LowLevel;

namespace Heddle.Tests.Net;

/// <summary>Programs that use a connection in every way, cancelled before their first step, before their second, and so on to their last.</summary>
public abstract class NetEveryStepTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    private bool _wasCut;

    public sealed class OnEpoll() : NetEveryStepTests(Pollers.Epoll);

    public sealed class OnSockets() : NetEveryStepTests(Pollers.Sockets);

    public sealed class InMemory() : NetEveryStepTests(OnMemory);

    [Fact]
    [Trait("rule", "7")]
    [Trait("rule", "13")]
    public void Wherever_a_reader_is_cancelled_the_next_one_goes_on_at_the_same_byte()
        => AtEveryStep(30, queue => WithConnectionAsync(async (client, server) =>
        {
            var parts = new List<string>();
            var sending = LoopTask.Start(async () =>
            {
                foreach (var piece in "l1\nline2\r\n12345678s;chunks and li\nnes\nthe rest"u8.ToArray().Chunk(5))
                {
                    server.Writer.Write(piece);
                    await server.Writer.FlushAsync();
                    await SettleAsync();
                }

                await server.Writer.FinishAsync();
            });
            _wasCut = !await CancelScope.RunAsync(async scope =>
            {
                queue.Arm(() => scope.Cancel("struck"));
                await ReadEverythingAsync(client.Reader, parts);
            });
            queue.Disarm();

            // What the cancelled one had taken, and what there is from then on, is the whole.
            var rest = System.Text.Encoding.UTF8.GetString(await client.Reader.ReadToEndAsync());
            Assert.Equal("l1line212345678s;chunks and linesthe rest", string.Concat(parts) + rest.ReplaceLineEndings(""));
            await sending;
        }));

    [Fact]
    [Trait("rule", "7")]
    [Trait("rule", "13")]
    public void Wherever_a_writer_is_cancelled_what_it_wrote_arrives_whole()
        => AtEveryStep(10, queue => WithConnectionAsync(
            async (client, server) =>
            {
                var written = 0;
                client.Writer.SetMarks(high: 20_000);
                var reading = LoopTask.Start(server.Reader.ReadToEndAsync());
                _wasCut = !await CancelScope.RunAsync(async scope =>
                {
                    queue.Arm(() => scope.Cancel("struck"));
                    void Write(int count)
                    {
                        client.Writer.Write(Pattern(count, written));
                        written += count;
                    }

                    for (var i = 0; i < 4; i++)
                    {
                        Write(15_000);
                        await client.Writer.DrainAsync();
                        await client.Writer.WriteAsync(Pattern(15_000, written));
                        written += 15_000;
                        await client.Writer.FlushAsync();
                    }

                    await client.Writer.FinishAsync();
                });
                queue.Disarm();
                await client.Writer.FinishAsync();
                Assert.Equal(Pattern(written), await reading);
            },
            Small));

    [Fact]
    [Trait("rule", "7")]
    [Trait("rule", "13")]
    public void Wherever_connecting_and_serving_are_cancelled_nothing_is_left_open()
        => AtEveryStep(10, async queue =>
        {
            // Where an address is for the taking, one that no other test's connections take the port of.
            var any = new IPEndPoint(OperatingSystem.IsMacOS() ? IPAddress.Loopback : IPAddress.Parse("127.0.0.7"), 0);
            IPEndPoint? endPoint = null;
            _wasCut = !await CancelScope.RunAsync(async scope =>
            {
                queue.Arm(() => scope.Cancel("struck"));
                await using var server = TcpServer.Start(any, async connection =>
                {
                    await foreach (var chunk in connection.Reader.ReadChunksAsync())
                    {
                        connection.Writer.Write(chunk.Span);
                    }
                });
                endPoint = server.LocalEndPoint;
                for (var i = 0; i < 2; i++)
                {
                    await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
                    client.Writer.Write("hello");
                    await client.Writer.FinishAsync();
                    Assert.Equal("hello"u8.ToArray(), await client.Reader.ReadToEndAsync());
                }
            });
            queue.Disarm();

            // Nobody listens there any more: the port is free.
            Network.Listen(endPoint!, new()).Dispose();
        });

    [Fact]
    [Trait("rule", "7")]
    [Trait("rule", "13")]
    public void Wherever_transports_are_cancelled_they_stay_usable_or_close()
        => AtEveryStep(10, queue => WithPairAsync(
            async (here, there) =>
            {
                var (sent, received) = (0, 0);
                _wasCut = !await CancelScope.RunAsync(async scope =>
                {
                    queue.Arm(() => scope.Cancel("struck"));
                    var buffer = new byte[700];
                    var sending = LoopTask.Start(async () =>
                    {
                        for (; sent < 5000; sent += 1000)
                        {
                            await here.SendAsync(Pattern(1000, sent));
                            await SettleAsync();
                        }
                    });
                    while (received < 5000)
                    {
                        await there.ReceiveAsync(default);
                        var count = await there.ReceiveAsync(buffer);
                        Assert.Equal(Pattern(count, received), buffer.AsSpan(0, count).ToArray());
                        received += count;
                    }
                });
                queue.Disarm();
                while (sent < 5000)
                {
                    await Coroutine.Yield();
                }

                await here.FinishSendingAsync();
                Assert.Equal(Pattern(sent - received, received), await ReceiveAllAsync(there));
            }));

    private static async Coroutine ReadEverythingAsync(ByteReader reader, List<string> parts)
    {
        void Add(ReadOnlySpan<byte> bytes) => parts.Add(System.Text.Encoding.UTF8.GetString(bytes).ReplaceLineEndings(""));

        parts.Add((await reader.ReadLineAsync())!);
        parts.Add((await reader.ReadLineAsync())!);
        Add(await reader.ReadExactlyAsync(6));
        Add(await reader.ReadUntilAsync(";"u8.ToArray()));
        var buffer = new byte[3];
        Add(buffer.AsSpan(0, await reader.ReadAsync(buffer)));
        var chunks = 0;
        await foreach (var chunk in reader.ReadChunksAsync())
        {
            Add(chunk.Span);
            if (++chunks == 2)
            {
                break;
            }
        }

        await foreach (var line in reader.ReadLinesAsync())
        {
            parts.Add(line);
            break;
        }

        await reader.ReadAsync(Memory<byte>.Empty);
        Add(await reader.ReadToEndAsync());
    }

    /// <summary>Runs it whole, and then once for each of its steps.</summary>
    /// <param name="atLeast">How many steps it has at least, so that the test cannot pass by doing nothing.</param>
    /// <param name="program">Arms the queue, and notes whether it was cut short.</param>
    private void AtEveryStep(int atLeast, Func<StrikingQueue, Coroutine> program)
    {
        var steps = int.MaxValue;
        var cuts = 0;
        for (var step = int.MaxValue; step > 0; step = step == int.MaxValue ? steps : step - 1)
        {
            var queue = new StrikingQueue(step);
            try
            {
                Run(
                    async () =>
                    {
                        await program(queue);
                        Assert.False(_wasCut && step == int.MaxValue);
                        cuts += _wasCut ? 1 : 0;
                    },
                    TimeSpan.FromSeconds(60),
                    () => queue);
                Assert.Empty(Reports);
            }
            catch (Exception failure)
            {
                throw new Xunit.Sdk.XunitException($"Cancelled before step {step} of {queue.Steps}: {failure}");
            }

            steps = step == int.MaxValue ? queue.Steps : steps;
        }

        Assert.InRange(steps, atLeast, 2000);

        // The network does not take the same number of steps each time, and the first time may take the most.
        Assert.InRange(cuts, atLeast / 2, int.MaxValue);
    }
}
