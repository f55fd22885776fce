using System.Net;

namespace Heddle.NetworkStage;

/// <summary>The other process: sends lines back.</summary>
internal static class EchoServer
{
    internal const int Addresses = 16;

    /// <summary>Asks for what the process holds.</summary>
    internal const string Ask = "held";

    /// <summary>Asks the server to be the first to close.</summary>
    internal const string Dismiss = "bye";

    internal static int Run(EventLoopOptions options)
    {
        EventLoop.Run(
            async () =>
            {
                var settings = new ServerOptions { Socket = new() { Backlog = 4096 } };
                var servers = Enumerable.Range(1, Addresses)
                    .Select(number => TcpServer.Start(new(new IPAddress([127, 0, 0, (byte)number]), 0), HandleAsync, settings))
                    .ToArray();
                Console.WriteLine(string.Join(' ', servers.Select(static server => server.LocalEndPoint)));

                // Until who started it closes its input.
                await Task.Run(Console.In.ReadToEnd, CancellationToken.None).OrCanceled();
                await Coroutine.WhenAll(servers.Select(static server => server.StopAsync(TimeSpan.Zero)));
            },
            options);
        return 0;
    }

    /// <summary>At one address, with the default options: as a program is first written.</summary>
    internal static int RunByDefault(EventLoopOptions options)
    {
        EventLoop.Run(
            async () =>
            {
                await using var server = TcpServer.Start(new(IPAddress.Loopback, 0), HandleAsync);
                Console.Error.WriteLine("a server with few descriptors: it will say that hardly any are left");
                Console.WriteLine(server.LocalEndPoint);
                await Task.Run(Console.In.ReadToEnd, CancellationToken.None).OrCanceled();
                await server.StopAsync(TimeSpan.Zero);
            },
            options);
        return 0;
    }

    private static async Coroutine HandleAsync(TcpConnection connection)
    {
        await foreach (var line in connection.Reader.ReadLinesAsync())
        {
            if (line == Dismiss)
            {
                await connection.Writer.FinishAsync();
                await connection.Reader.ReadToEndAsync().WithTimeout(TimeSpan.FromMinutes(1));
                return;
            }

            connection.Writer.Write($"{(line == Ask ? Held.Now() : line)}\n");
            await connection.Writer.DrainAsync();
        }
    }
}
