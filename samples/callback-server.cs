#:project Support/Support.csproj
// A server of several connections on one thread, without async: select says which sockets are ready, and each kind of
// readiness has its function. The state of a connection lives outside of them; here that is no more than its name.
using System.Net;
using System.Net.Sockets;
using System.Text;
using Heddle.Samples;

using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
server.Listen();
var visit = Visitors.ComeTo(server);

var names = new Dictionary<Socket, string>();
var monitoring = new List<Socket> { server };
do
{
    var ready = monitoring.ToList();
    Socket.Select(ready, null, null, Timeout.InfiniteTimeSpan);
    foreach (var socket in ready)
    {
        if (socket == server)
        {
            monitoring.Add(AcceptConnection());
        }
        else if (!ProcessMessage(socket))
        {
            monitoring.Remove(socket);
            socket.Dispose();
        }
    }
}
while (monitoring.Count > 1);   // until the last one has left, so that the sample ends

await visit;

Socket AcceptConnection()
{
    var client = server.Accept();
    names[client] = $"client {names.Count + 1}";
    Console.WriteLine($"Connection from {names[client]}.");
    return client;
}

bool ProcessMessage(Socket client)
{
    var data = new byte[4096];
    int length;
    try
    {
        length = client.Receive(data);
    }
    catch (SocketException e)
    {
        Console.WriteLine($"connection from {names[client]} caused error: {e.SocketErrorCode}");
        return false;
    }

    if (length == 0)
    {
        Console.WriteLine($"{names[client]} left us");
        return false;
    }

    var text = Encoding.UTF8.GetString(data, 0, length);
    Console.WriteLine($"{names[client]}: {text}");
    client.Send(Encoding.UTF8.GetBytes(text.ToUpperInvariant()));
    return true;
}
