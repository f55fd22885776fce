#:project ../src/Heddle/Heddle.csproj
#:project Support/Support.csproj
// The server of callback-server.cs, with one coroutine for each connection: accepting it, talking and its end stand in
// one place, and its state is its local variables. A generator is all it takes: it yields whenever it has to wait, and
// the loop below, which select drives, goes on with the one whose socket is ready. That is an event loop.
using System.Net;
using System.Net.Sockets;
using System.Text;
using Heddle;
using Heddle.Samples;

using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
server.Listen();
var visit = Visitors.ComeTo(server);

var names = 0;
var monitoring = new List<Socket> { server };
var coroutines = new Dictionary<Socket, Generator<Socket?>>();
do
{
    var ready = monitoring.ToList();
    Socket.Select(ready, null, null, Timeout.InfiniteTimeSpan);
    foreach (var socket in ready)
    {
        if (socket == server)
        {
            var coroutine = HandleConnection(server);
            var client = coroutine.Next()!;
            monitoring.Add(client);
            coroutines[client] = coroutine;
        }
        else if (!coroutines[socket].TryNext(out _))
        {
            monitoring.Remove(socket);
            coroutines.Remove(socket);
        }
    }
}
while (coroutines.Count > 0);   // until the last one has left, so that the sample ends

await visit;

Generator<Socket?> HandleConnection(Socket server) => new(async co =>
{
    using var client = server.Accept();
    var name = $"client {++names}";
    Console.WriteLine($"Connection from {name}.");
    await co.Yield(client);

    var data = new byte[4096];
    while (true)
    {
        int length;
        try
        {
            length = client.Receive(data);
        }
        catch (SocketException e)
        {
            Console.WriteLine($"connection from {name} caused error: {e.SocketErrorCode}");
            return;
        }

        if (length == 0)
        {
            Console.WriteLine($"{name} left us");
            return;
        }

        var text = Encoding.UTF8.GetString(data, 0, length);
        Console.WriteLine($"{name}: {text}");
        client.Send(Encoding.UTF8.GetBytes(text.ToUpperInvariant()));
        await co.Yield(null);
    }
});
