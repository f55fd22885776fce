using System.Net;
using Heddle;
using Heddle.LowLevel;
using Heddle.TestPrograms;

/// <summary>An echo server that prints its port, then its reports unless they go where they go by default, until its input ends.</summary>
internal static class CrowdedServer
{
    internal static int Run(string poller, bool isHeard)
    {
        EventLoop.Run(
            async () =>
            {
                await using var server = TcpServer.Start(new(IPAddress.Loopback, 0), EchoAsync, new() { Socket = new() { Backlog = 4096 } });
                await WarmUpAsync(server.LocalEndPoint);
                Console.WriteLine(server.Port);
                await Task.Run(Console.In.ReadToEnd, CancellationToken.None).OrCanceled();
            },
            new()
            {
                Poller = poller == "epoll" ? Pollers.Epoll : Pollers.Sockets,
                OnReport = isHeard ? static report => Console.WriteLine(report.Message) : null,
            });
        return 0;
    }

    /// <summary>
    /// A runtime without descriptors cannot load an assembly or start a thread, for which it makes a pipe, and ends: what will be
    /// needed is used once before, and the pool may not grow.
    /// </summary>
    private static async Coroutine WarmUpAsync(IPEndPoint endPoint)
    {
        await FixedPool.StartAsync().OrCanceled();
        await using var visitor = await TcpConnection.ConnectAsync(endPoint);
        visitor.Writer.Write("warm\n");
        await visitor.Reader.ReadLineAsync();
        try
        {
            await TcpConnection.ConnectAsync(new IPEndPoint(IPAddress.Loopback, 1));
        }
        catch (ConnectionException refused)
        {
            await Coroutine.Delay(TimeSpan.FromMilliseconds(refused.Message.Length % 2));
        }
    }

    private static async Coroutine EchoAsync(TcpConnection connection)
    {
        await foreach (var line in connection.Reader.ReadLinesAsync())
        {
            connection.Writer.Write($"{line}\n");
            await connection.Writer.DrainAsync();
        }
    }
}
