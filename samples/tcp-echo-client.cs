#:project ../src/Heddle/Heddle.csproj
// A client of an echo server: it connects, sends, reads the answer, and closes.
using System.Net;
using System.Text;
using Heddle;

EventLoop.Run(async () =>
{
    await using var server = TcpServer.Start(new(IPAddress.Loopback, 0), EchoAsync);

    await TcpEchoClientAsync("Hello World!", server.Port);
    await TcpEchoClientAsync("And once more.", server.Port);
});

static async Coroutine TcpEchoClientAsync(string message, int port)
{
    // One object where asyncio gives two: a reader and a writer. It is closed at the end of the block, whatever happens in it.
    await using var connection = await TcpConnection.ConnectAsync("localhost", port);

    Console.WriteLine($"Send: '{message}'");
    connection.Writer.Write(message);
    await connection.Writer.DrainAsync();

    var data = await connection.Reader.ReadAsync(100).WithTimeout(TimeSpan.FromSeconds(10));
    Console.WriteLine($"Received: '{Encoding.UTF8.GetString(data)}'");
    Console.WriteLine("Close the connection");
}

static async Coroutine EchoAsync(TcpConnection connection)
{
    await foreach (var chunk in connection.Reader.ReadChunksAsync())
    {
        connection.Writer.Write(chunk.Span);
        await connection.Writer.DrainAsync();
    }
}
