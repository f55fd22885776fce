#:project ../src/Heddle/Heddle.csproj
// An echo server: it reads what a client sends, sends it back, and closes the connection. It waits for a free port and
// not for port 8888, and stops once it has been visited, so that the sample ends.
using System.Net;
using System.Text;
using Heddle;

EventLoop.Run(async () =>
{
    // The server runs the function for each connection, in a task of its own.
    await using var server = TcpServer.Start(new(IPAddress.Loopback, 0), HandleEchoAsync);
    Console.WriteLine($"Serving on {server.LocalEndPoint.Address}");

    await VisitAsync(server, "Hello World!");
    await VisitAsync(server, "Привет, мир!");
});

static async Coroutine HandleEchoAsync(TcpConnection connection)
{
    var data = await connection.Reader.ReadAsync(100);
    var message = Encoding.UTF8.GetString(data);
    Console.WriteLine($"Received '{message}' from {((IPEndPoint)connection.RemoteEndPoint!).Address}");

    // Write only takes the bytes in, so that a message can be put together from pieces; draining waits while too many
    // have gathered. The connection is closed when the function ends.
    Console.WriteLine($"Send: '{message}'");
    connection.Writer.Write(data);
    await connection.Writer.DrainAsync();
    Console.WriteLine("Close the connection");
}

// Where serving is all that the program does, the server is: await TcpServer.ServeAsync(endPoint, HandleEchoAsync);
static async Coroutine VisitAsync(TcpServer server, string message)
{
    await using var connection = await TcpConnection.ConnectAsync(server.LocalEndPoint);
    connection.Writer.Write(message);
    var answer = await connection.Reader.ReadToEndAsync();
    if (Encoding.UTF8.GetString(answer) != message)
    {
        throw new InvalidDataException("That was no echo.");
    }
}
