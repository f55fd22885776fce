using System.Net;
using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>Servers and clients in a simulation, on the network of its world.</summary>
public class NetworkTests
{
    private static readonly IPEndPoint s_bank = new(IPAddress.Parse("10.0.0.7"), 80);

    [Fact]
    public void Searches_of_a_program_with_servers_and_connections_do_the_same()
    {
        var (one, other) = (Explore(), Explore());
        Assert.Equal(one.Hash, other.Hash);
        Assert.Null(one.FromOutside);
        Assert.True(one.Decisions > 1000, $"only {one.Decisions} decisions");

        static SimulationSummary Explore() => Simulation.Explore(world => PayAsync(world, isAtomic: true), new() { Runs = 200 });
    }

    [Fact]
    public void A_race_between_two_connections_is_found()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(world => PayAsync(world, isAtomic: false)));
        Assert.StartsWith("Always \"nobody has spent more than there is\": is false.", failure.Message);
        Assert.InRange(failure.Run, 2, 1000);
        Assert.Throws<SimulationFailedException>(() => Simulation.Replay(failure.Recording, world => PayAsync(world, isAtomic: false)));
    }

    [Fact]
    public void Who_waits_for_an_answer_that_nobody_gives_is_a_deadlock()
        => Assert.StartsWith("Deadlock: ", Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async world =>
        {
            await using var bank = TcpServer.Start(new(IPAddress.Loopback, 80), static async _ => await Coroutine.Delay(Timeout.InfiniteTimeSpan));
            await using var connection = await TcpConnection.ConnectAsync("localhost", 80);
            await connection.Reader.ReadLineAsync();
        })).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void A_run_ends_with_nothing_left_over_whatever_is_still_on_its_way(int latency)
        => Assert.Equal(200, Simulation.Explore(
            async world =>
            {
                world.Network.Latency = TimeSpan.FromMilliseconds(latency);
                await using var bank = TcpServer.Start(new(IPAddress.Any, 80), async connection =>
                {
                    while (await connection.Reader.ReadLineAsync() is { } line)
                    {
                        connection.Writer.Write($"{line}\n");
                    }
                });
                await using var client = await TcpConnection.ConnectAsync("localhost", 80);
                client.Writer.Write("hello\n");
                Assert.Equal("hello", await client.Reader.ReadLineAsync());
                client.Writer.Write("never read\n");
                await client.Writer.FlushAsync();
            },
            new() { Runs = 200 }).Runs);

    private static async Coroutine PayAsync(SimulationWorld world, bool isAtomic)
    {
        world.Network.AddName("bank", s_bank.Address);
        var balance = 10;
        await using var bank = TcpServer.Start(s_bank, async connection =>
        {
            while (await connection.Reader.ReadLineAsync() is { } line)
            {
                if (line == "pay" && balance >= 10)
                {
                    balance -= isAtomic ? 10 : 0;
                    await Coroutine.Yield();
                    balance -= isAtomic ? 0 : 10;
                }

                connection.Writer.Write("done\n");
                await connection.Writer.FlushAsync();
            }
        });
        await Racing.TogetherAsync(() => AskAsync("pay"), () => AskAsync("look", "pay"));
        world.Always(balance >= 0, "nobody has spent more than there is");
    }

    private static async Coroutine AskAsync(params string[] lines)
    {
        await using var connection = await TcpConnection.ConnectAsync("bank", 80);
        foreach (var line in lines)
        {
            connection.Writer.Write($"{line}\n");
            await connection.Writer.FlushAsync();
            Assert.Equal("done", await connection.Reader.ReadLineAsync());
        }
    }
}
