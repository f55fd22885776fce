using System.Net;
using Heddle.Testing;

namespace Heddle.Benchmarks.Simulations;

/// <summary>Five tasks that yield, and what a number of its runs takes beyond a first one, which compiles and warms up.</summary>
static class SimulatedProgram
{
    const int Tasks = 5;
    const int Lines = 5;

    /// <summary>What so many runs took, half of them random walks and half by priorities.</summary>
    public static SimulationSample Measure(int yields, int runs)
    {
        var (few, fewBytes) = Explore(yields, 1);
        var (many, manyBytes) = Explore(yields, 1 + runs);
        return new(runs, many.Decisions - few.Decisions, many.Elapsed - few.Elapsed, manyBytes - fewBytes);
    }

    /// <summary>The same of a server and a client, each on a host of its own, that exchange five lines.</summary>
    public static SimulationSample MeasureHosts(int runs)
    {
        var (few, fewBytes) = Explore(TalkAsync, 1);
        var (many, manyBytes) = Explore(TalkAsync, 1 + runs);
        return new(runs, many.Decisions - few.Decisions, many.Elapsed - few.Elapsed, manyBytes - fewBytes);
    }

    static (SimulationSummary Summary, long Bytes) Explore(int yields, int runs) => Explore(_ => RunAsync(yields), runs);

    static (SimulationSummary Summary, long Bytes) Explore(Func<SimulationWorld, Coroutine> body, int runs)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        SimulationSummary summary = Simulation.Explore(
            body,
            new() { Runs = runs, Deviations = 0, Time = Timeout.InfiniteTimeSpan, StepsAtOnce = int.MaxValue });
        return (summary, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static async Coroutine RunAsync(int yields)
        => await TaskGroup.RunAsync(group =>
        {
            for (int task = 0; task < Tasks; task++)
                group.Start(YieldAsync(yields));
            return Coroutine.Completed;
        });

    static async Coroutine TalkAsync(SimulationWorld world)
    {
        world.AddHost("server", static async () =>
        {
            await using TcpServer server = TcpServer.Start(new(IPAddress.Any, 80), static async connection =>
            {
                while (await connection.Reader.ReadLineAsync() is { } line)
                {
                    connection.Writer.Write(line);
                    connection.Writer.Write("\n");
                    await connection.Writer.FlushAsync();
                }
            });
            await Coroutine.Delay(Timeout.InfiniteTimeSpan);
        });
        SimulatedHost client = world.AddHost("client");
        world.Network.Between("server", "client").Latency = Latency.Uniform(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20));
        await client.RunAsync(static async () =>
        {
            await using TcpConnection connection = await TcpConnection.ConnectAsync("server", 80);
            for (int i = 0; i < Lines; i++)
            {
                connection.Writer.Write("hello\n");
                await connection.Writer.FlushAsync();
                await connection.Reader.ReadLineAsync();
            }
        });
    }

    static async Coroutine YieldAsync(int yields)
    {
        for (int i = 0; i < yields; i++)
            await Coroutine.Yield();
    }
}

/// <summary>What some runs took.</summary>
readonly record struct SimulationSample(int Runs, long Decisions, TimeSpan Time, long Bytes);
