using System.Net;
using Heddle.Testing;

namespace Heddle.TestPrograms;

/// <summary>Simulated runs in which it matters on which machine an HTTP client is. Each writes one line, or fails.</summary>
internal static class HttpMachines
{
    private static readonly SimulationOptions s_short = new() { Runs = 60, Time = Timeout.InfiniteTimeSpan };

    /// <summary>A client has the address of the machine that its request was sent from.</summary>
    internal static int Address()
    {
        Simulation.Explore(
            async world =>
            {
                IPEndPoint? seen = null;
                world.AddHost("shop", () => ServeAsync(connection => seen = (IPEndPoint)connection.RemoteEndPoint!));
                var desk = world.AddHost("desk");
                await desk.RunAsync(async () =>
                {
                    await using var http = new LoopHttpClient();
                    world.Always(await http.GetStringAsync("http://shop/") == "hello", "the shop answers");
                });
                world.Always(desk.Address.Equals(seen!.Address), "the shop sees the desk");
            },
            s_short);
        Console.WriteLine("the shop has seen the desk");
        return 0;
    }

    /// <summary>A machine that crashes in the middle of a request takes it along, and tells nobody.</summary>
    internal static int Crash()
    {
        Simulation.Explore(
            async world =>
            {
                var hasHeard = false;
                world.AddHost("shop", () => ServeAsync(
                    static _ => { },
                    async connection =>
                    {
                        try
                        {
                            await connection.Reader.ReadLineAsync();
                        }
                        finally
                        {
                            hasHeard = true;
                        }
                    }));
                var desk = world.AddHost("desk", async () =>
                {
                    await using var http = new LoopHttpClient();
                    await http.GetStringAsync("http://shop/");
                });
                await Coroutine.Delay(TimeSpan.FromSeconds(1));
                desk.Crash();
                await Coroutine.Delay(TimeSpan.FromMinutes(5));
                world.Always(!hasHeard, "nobody hears of the end");
                world.Always(!EventLoop.Current.Tasks.Any(static task => task.Name.StartsWith("desk", StringComparison.Ordinal)), "no task of the machine's is left");
            },
            s_short);
        Console.WriteLine("the shop has heard nothing");
        return 0;
    }

    /// <param name="look">Is shown each connection.</param>
    /// <param name="andThen">What follows the headers; null to answer.</param>
    private static async Coroutine ServeAsync(Action<TcpConnection> look, Func<TcpConnection, Coroutine>? andThen = null)
    {
        await using var server = TcpServer.Start(new(IPAddress.Any, 80), async connection =>
        {
            look(connection);
            while (await connection.Reader.ReadLineAsync() is { } line)
            {
                if (line.Length == 0 && andThen is not null)
                {
                    await andThen(connection);
                }
                else if (line.Length == 0)
                {
                    connection.Writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                    await connection.Writer.FlushAsync();
                }
            }
        });
        await Coroutine.Delay(Timeout.InfiniteTimeSpan);
    }
}
