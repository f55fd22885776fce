using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Heddle.Samples;

/// <summary>
/// Three clients of a server that answers in upper case: what they do, and in which order, is always the same.
/// </summary>
public static class Visitors
{
    /// <summary>Comes, on another thread than the server's.</summary>
    /// <returns>A task that ends when all have left.</returns>
    public static Task ComeTo(Socket server) => Task.Run(() => Come(server.LocalEndPoint!));

    private static void Come(EndPoint address)
    {
        var (ann, eve, bob) = (Connect(address), Connect(address), Connect(address));
        Ask(ann, "hello");
        Ask(eve, "is anyone here?");
        Ask(bob, "привет");
        Leave(ann);
        SlamTheDoor(eve);
        Leave(bob);
    }

    private static Socket Connect(EndPoint address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(address);
        Ask(socket, "hi");
        return socket;
    }

    private static void Ask(Socket socket, string text)
    {
        socket.Send(Encoding.UTF8.GetBytes(text));
        var answer = new byte[4096];
        Console.WriteLine($"  answered: {Encoding.UTF8.GetString(answer, 0, socket.Receive(answer))}");
    }

    // Waits until the server has closed too, so that it has noticed before the next one does something.
    private static void Leave(Socket socket)
    {
        socket.Shutdown(SocketShutdown.Send);
        while (socket.Receive(new byte[4096]) > 0)
        {
        }

        socket.Dispose();
    }

    // With a reset, which the server meets as an error.
    private static void SlamTheDoor(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
