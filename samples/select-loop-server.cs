#:project ../src/Heddle/Heddle.csproj
#:project Support/Support.csproj
// The same server on a loop that is not its own. Heddle's SelectLoop is that of coroutine-server.cs, cut loose from
// what it runs: a coroutine yields the socket that it waits for, so that the one who accepts is a coroutine like the
// others.
using System.Net;
using System.Net.Sockets;
using System.Text;
using Heddle;
using Heddle.Samples;

using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
server.Listen();
var visit = Visitors.ComeTo(server);

using var loop = new SelectLoop();
loop.Start(Accept(visitors: 3));
loop.Run();
await visit;

Generator<SocketWait> Accept(int visitors) => new(async co =>
{
    for (var i = 1; i <= visitors; i++)
    {
        await co.Yield(server);
        loop.Start(Talk(server.Accept(), $"client {i}"));
    }
});

static Generator<SocketWait> Talk(Socket accepted, string name) => new(async co =>
{
    using var client = accepted;
    Console.WriteLine($"Connection from {name}.");
    var data = new byte[4096];
    try
    {
        while (true)
        {
            await co.Yield(client);
            var length = client.Receive(data);
            if (length == 0)
            {
                Console.WriteLine($"{name} left us");
                return;
            }

            var text = Encoding.UTF8.GetString(data, 0, length);
            Console.WriteLine($"{name}: {text}");
            client.Send(Encoding.UTF8.GetBytes(text.ToUpperInvariant()));
        }
    }
    catch (SocketException e)
    {
        Console.WriteLine($"connection from {name} caused error: {e.SocketErrorCode}");
    }
});
