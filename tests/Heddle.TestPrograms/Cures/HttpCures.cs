using System.Net;
using Heddle.Testing;

namespace Heddle.TestPrograms;

/// <summary>Connections and HTTP between hosts, with faults and without.</summary>
internal static class HttpCures
{
    internal static readonly (string, Func<SimulationWorld, Coroutine>)[] All =
    [
        ("connecting", ConnectAsync), ("cancelled when nothing is ready", CancelledAsync), ("neighbours", NeighboursAsync), ("crash of a client", CrashAsync), ("web", SimulatedWeb.RunAsync),
    ];

    private static async Coroutine ConnectAsync(SimulationWorld world)
    {
        world.Faults = SimulationFaults.Cancel | SimulationFaults.Refuse;
        world.AddHost("shop", () => ServeAsync(static _ => { }));
        try
        {
            await using var connection = await TcpConnection.ConnectAsync("shop", 80);
        }
        catch (Exception failure) when (failure is ConnectionException or LoopTaskCanceledException)
        {
            world.Sometimes(true, "it fails");
        }
    }

    private static async Coroutine CancelledAsync(SimulationWorld world)
    {
        world.Faults = SimulationFaults.Cancel;
        await TaskGroup.RunAsync(async group =>
        {
            var sleeper = group.Start(() => Coroutine.Delay(Timeout.InfiniteTimeSpan));
            var other = group.Start(() => Coroutine.Delay(TimeSpan.FromSeconds(1)));
            await LoopTask.WhenAny([sleeper, other]);
            world.Always(!sleeper.IsCompleted || EventLoop.Current.Now == TimeSpan.Zero, "who is cancelled has its turn before time passes");
            group.Cancel();
        });
    }

    /// <summary>Some give up, on a network without faults: whoever does not has its answer.</summary>
    private static async Coroutine NeighboursAsync(SimulationWorld world)
    {
        var froms = new List<IPAddress>();
        world.AddHost("shop", () => ServeAsync(connection => froms.Add(((IPEndPoint)connection.RemoteEndPoint!).Address)));
        var desk = world.AddHost("desk");
        await desk.RunAsync(async () =>
        {
            await using var http = new LoopHttpClient(new() { MaxConnectionsPerServer = 1 });
            await TaskGroup.RunAsync(async group =>
            {
                for (var i = 0; i < 3; i++)
                {
                    var patience = TimeSpan.FromMilliseconds(world.Random.Next(3) * 4);
                    group.Start(() => patience > TimeSpan.Zero
                        ? CancelScope.MoveOnAfterAsync(patience, async _ => await http.GetStringAsync("http://shop/"))
                        : AskAsync(http));
                }

                await Coroutine.Yield();
            });
        });
        world.Always(froms.TrueForAll(desk.Address.Equals), "a request comes from the machine that sends it");

        async Coroutine<bool> AskAsync(LoopHttpClient http)
        {
            world.Always(await http.GetStringAsync("http://shop/") == "hello", "who waits is answered");
            return true;
        }
    }

    private static async Coroutine CrashAsync(SimulationWorld world)
    {
        var hasHeard = false;
        world.AddHost("shop", () => ServeAsync(static _ => { }, () => hasHeard = true));
        var desk = world.AddHost("desk", async () =>
        {
            await using var http = new LoopHttpClient();
            await http.GetStringAsync("http://shop/");
        });
        await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
        desk.Crash();
        await Coroutine.Delay(TimeSpan.FromMinutes(5));
        world.Always(!hasHeard, "of a machine that crashes nobody hears");
        world.Always(!EventLoop.Current.Tasks.Any(static task => task.Name.StartsWith("desk", StringComparison.Ordinal)), "no task of it is left");
    }

    private static async Coroutine ServeAsync(Action<TcpConnection> look, Action? onEnd = null)
    {
        await using var server = TcpServer.Start(new(IPAddress.Any, 80), async connection =>
        {
            look(connection);
            while (await connection.Reader.ReadLineAsync() is { } line)
            {
                if (line.Length == 0 && onEnd is not null)
                {
                    try
                    {
                        await connection.Reader.ReadLineAsync();
                    }
                    finally
                    {
                        onEnd();
                    }
                }
                else if (line.Length == 0)
                {
                    await Coroutine.Delay(TimeSpan.FromMilliseconds(5));
                    connection.Writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                    await connection.Writer.FlushAsync();
                }
            }
        });
        await Coroutine.Delay(Timeout.InfiniteTimeSpan);
    }
}
