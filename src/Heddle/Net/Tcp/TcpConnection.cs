using System.Net;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A TCP connection.</summary>
/// <inheritdoc cref="Connection" path="/remarks"/>
public sealed partial class TcpConnection : Connection
{
    internal TcpConnection(StreamTransport transport)
        : base(transport)
    {
    }

    /// <summary>Whether small writes are sent at once, without waiting for answers to earlier ones (TCP_NODELAY). Default: true.</summary>
    public bool NoDelay
    {
        set => Transport.NoDelay = value;
    }

    /// <summary>Connects to an address.</summary>
    /// <exception cref="ConnectionException">Nobody answers there, or refuses.</exception>
    public static async Coroutine<TcpConnection> ConnectAsync(IPEndPoint endPoint, SocketSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new(await EventLoop.Current.Network.ConnectAsync(endPoint, settings));
    }
}
