using System.Net;
using Heddle.LowLevel;

namespace Heddle.Benchmarks.Echo;

static class Echo
{
    const int ReceiveSize = 2 * 1024;

    public static async Coroutine ServeAsync(EchoOptions options)
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, options.Port);
        await using TcpServer server = TcpServer.Start(
            endPoint, options.Handler, new ServerOptions { Socket = new ListenSettings { Backlog = 1024 } });
        Console.WriteLine(server.Port);
        await Coroutine.Delay(Timeout.InfiniteTimeSpan);
    }

    public static async Coroutine StreamsAsync(TcpConnection connection)
    {
        Memory<byte> buffer = new byte[ReceiveSize];
        while (await connection.Reader.ReadAsync(buffer) is > 0 and int length)
        {
            connection.Writer.Write(buffer.Span[..length]);
            await connection.Writer.DrainAsync();
        }
    }

    public static async Coroutine RawAsync(TcpConnection connection)
    {
        Memory<byte> buffer = new byte[ReceiveSize];
        while (await connection.Transport.ReceiveAsync(buffer) is > 0 and int length)
            await connection.Transport.SendAsync(buffer[..length]);
    }
}
