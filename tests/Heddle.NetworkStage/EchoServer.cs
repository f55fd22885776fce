using System.Net;

namespace Heddle.NetworkStage;

/// <summary>The other process: sends back what it gets, and answers a line of <c>stats</c> with what it holds.</summary>
internal static class EchoServer
{
    internal static int Run(EventLoopOptions options)
    {
        EventLoop.Run(
            async () =>
            {
                await using var server = TcpServer.Start(
                    new(IPAddress.Any, 0), HandleAsync, new() { Socket = new() { Backlog = 4096 } });
                Console.WriteLine(server.Port);

                // Until whoever started it closes its input.
                await Task.Run(Console.In.ReadToEnd, CancellationToken.None).OrCanceled();
            },
            options);
        return 0;
    }

    private static async Coroutine HandleAsync(TcpConnection connection)
    {
        await foreach (var chunk in connection.Reader.ReadChunksAsync())
        {
            if (chunk.Span.SequenceEqual("stats\n"u8))
            {
                connection.Writer.Write($"{Held()}\n");
            }
            else
            {
                connection.Writer.Write(chunk.Span);
            }

            await connection.Writer.DrainAsync();
        }
    }

    private static ServerStats Held()
    {
        GC.Collect();
        return new(Descriptors.Count, EventLoop.Current.Tasks.Count, Environment.WorkingSet);
    }
}

/// <param name="Descriptors">Open ones.</param>
/// <param name="Tasks">Those of the loop.</param>
/// <param name="Bytes">In memory.</param>
internal sealed record ServerStats(int Descriptors, int Tasks, long Bytes)
{
    public override string ToString() => $"{Descriptors} {Tasks} {Bytes}";

    internal static ServerStats Parse(string line)
    {
        var numbers = line.Split(' ').Select(long.Parse).ToArray();
        return new((int)numbers[0], (int)numbers[1], numbers[2]);
    }

    internal static async Coroutine<ServerStats> AskAsync(IPEndPoint server)
    {
        await using var connection = await TcpConnection.ConnectAsync(server);
        connection.Writer.Write("stats\n");
        return Parse((await connection.Reader.ReadLineAsync())!);
    }
}
