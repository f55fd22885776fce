using System.Net.Sockets;

namespace Heddle;

/// <summary>What a coroutine of a <see cref="SelectLoop"/> yields: the socket it waits for. <c>default</c> waits for its next turn only.</summary>
/// <remarks>A <see cref="Socket"/> converts to the wait for something to read, or to accept.</remarks>
public readonly struct SocketWait
{
    private SocketWait(Socket socket, bool isForWriting)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Socket = socket;
        IsForWriting = isForWriting;
    }

    /// <summary>The socket; null in <c>default</c>.</summary>
    public Socket? Socket { get; }

    /// <summary>Whether it waits until the socket takes more data, and not until it has some.</summary>
    public bool IsForWriting { get; }

    /// <summary>The wait for something to read, for somebody to accept, or for the other side to close.</summary>
    public static SocketWait Readable(Socket socket) => new(socket, isForWriting: false);

    /// <summary>The wait for the socket to take more data, or for its connection to be made.</summary>
    public static SocketWait Writable(Socket socket) => new(socket, isForWriting: true);

    /// <summary>The same as <see cref="Readable"/>.</summary>
    public static implicit operator SocketWait(Socket socket) => Readable(socket);
}
