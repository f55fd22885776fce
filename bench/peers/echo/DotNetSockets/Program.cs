// The echo server on .NET's sockets, an async method a connection: --port P.
// DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1 runs it on the thread that polls, instead of the thread pool.
using System.Net;
using System.Net.Sockets;
using Heddle.Benchmarks.Shared;

const int ReceiveSize = 16 * 1024;

if (args is not ["--port", var text] || !ushort.TryParse(text, out ushort port))
{
    Console.Error.WriteLine("--port P, from 0 to 65535; 0 takes a free one");
    return 2;
}

AllocationMarks.Start();
using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
listener.Listen(1024);
Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
while (true)
{
    Socket socket = await listener.AcceptAsync();
    socket.NoDelay = true;
    _ = EchoAsync(socket);
}

static async Task EchoAsync(Socket socket)
{
    using (socket)
    {
        // Not an array: for that the call has an older overload, which makes a Task.
        Memory<byte> buffer = new byte[ReceiveSize];
        try
        {
            while (await socket.ReceiveAsync(buffer) is > 0 and int length)
            {
                for (int sent = 0; sent < length;)
                    sent += await socket.SendAsync(buffer[sent..length]);
            }
        }
        catch (SocketException)
        {
            // The peer's end is nobody's failure.
        }
    }
}
