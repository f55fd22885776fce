using System.Net;
using Heddle;
using Heddle.LowLevel;
using Heddle.TestPrograms;

/// <summary>An echo server that prints its port, then its reports, until its input ends.</summary>
internal static class CrowdedServer
{
    internal static int Run(string poller, bool hasHandler)
    {
        EventLoop.Run(
            async () =>
            {
                await using var server = TcpServer.Start(new(IPAddress.Loopback, 0), EchoAsync, new() { Socket = new() { Backlog = 4096 } });
                Console.WriteLine(server.Port);
                await Task.Run(Console.In.ReadToEnd, CancellationToken.None).OrCanceled();
            },
            new()
            {
                Poller = poller == "epoll" ? Pollers.Epoll : Pollers.Sockets,
                OnReport = hasHandler ? report => Console.WriteLine(report.Message) : null,
            });
        return 0;
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
