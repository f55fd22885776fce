using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A connection to another program on this machine, by a socket file. The counterpart of <c>asyncio.open_unix_connection</c>.</summary>
/// <inheritdoc cref="Connection" path="/remarks"/>
public sealed class UnixConnection : Connection
{
    private static readonly TimeSpan s_pauseAtFullQueue = TimeSpan.FromMilliseconds(10);

    internal UnixConnection(StreamTransport transport)
        : base(transport)
    {
    }

    /// <summary>Connects to the socket file. While the server's queue is full it waits.</summary>
    /// <exception cref="ConnectionException">There is no such file, or nobody listens at it, or it is not allowed.</exception>
    public static async Coroutine<UnixConnection> ConnectAsync(string path, SocketSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var endPoint = new UnixDomainSocketEndPoint(path);
        while (true)
        {
            try
            {
                return new(await EventLoop.Current.Network.ConnectAsync(endPoint, settings));
            }
            catch (ConnectionException failure) when (failure.ErrorCode == SocketError.WouldBlock)
            {
                // The kernel tells nobody when there is room again.
                await Coroutine.Delay(s_pauseAtFullQueue);
            }
        }
    }
}
