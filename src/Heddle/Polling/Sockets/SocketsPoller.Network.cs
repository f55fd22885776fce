using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Opening sockets.</content>
internal sealed partial class SocketsPoller
{
    public IoResult<StreamTransport> Connect(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt)
    {
        attempt = null;
        Socket? socket = null;
        try
        {
            socket = OpenSocket(remote, SocketType.Stream, options);
            if (options.LocalEndPoint is { } local)
            {
                socket.Bind(local);
            }
        }
        catch (SocketException failure)
        {
            socket?.Dispose();
            return new(failure.SocketErrorCode);
        }

        var connecting = new SocketsConnect(this, socket, remote);
        var result = connecting.Start(completion);
        attempt = result.IsPending ? connecting : null;
        return result;
    }

    public ListenTransport Listen(EndPoint local, ListenSettings options)
    {
        var socket = OpenSocket(local, SocketType.Stream, options);
        try
        {
            Bind(socket, local);
            UnixNames.SetMode(local, options.FileMode);
            socket.Listen(options.Backlog);
            return new SocketsListener(this, socket, options, isShared: false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public ListenTransport? ListenOn(int descriptor, ListenSettings options)
    {
        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        try
        {
            return new SocketsListener(this, new Socket(handle) { Blocking = false }, options, isShared: true);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public DatagramTransport OpenDatagram(EndPoint local, SocketSettings options)
    {
        var socket = OpenSocket(local, SocketType.Dgram, options);
        try
        {
            if (UnixNames.IsToBeBound(local))
            {
                Bind(socket, local);
            }

            return new SocketsDatagram(this, socket, local);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Null for what has no name, as the connecting end of a Unix domain socket.</summary>
    internal static EndPoint? Named(EndPoint? endPoint)
        => endPoint is UnixDomainSocketEndPoint && string.IsNullOrEmpty(endPoint.ToString()) ? null : endPoint;

    internal static bool IsInternet(Socket socket)
        => socket.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;

    private static void Bind(Socket socket, EndPoint local)
    {
        if (local is not UnixDomainSocketEndPoint unix)
        {
            socket.Bind(local);
            return;
        }

        var bound = new UnixNames.Bound(unix);
        socket.Bind(bound);
        bound.IsBound = true;
    }

    private static Socket OpenSocket(EndPoint endPoint, SocketType type, SocketSettings options)
    {
        var protocol = endPoint.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified
            : type == SocketType.Dgram ? ProtocolType.Udp
            : ProtocolType.Tcp;
        var socket = new Socket(endPoint.AddressFamily, type, protocol) { Blocking = false };
        try
        {
            SetOptions(socket, type, options);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What concerns a connection. Not every system has what was accepted inherit it.</summary>
    internal static void SetStreamOptions(Socket socket, SocketSettings options)
    {
        socket.NoDelay = options.NoDelay;
        if (!options.KeepAlive)
        {
            return;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        if (options.KeepAliveTime is { } time)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)time.TotalSeconds);
        }

        if (options.KeepAliveInterval is { } interval)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)interval.TotalSeconds);
        }

        if (options.KeepAliveRetryCount is { } count)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, count);
        }
    }

    private static void SetOptions(Socket socket, SocketType type, SocketSettings options)
    {
        if (type == SocketType.Stream && IsInternet(socket))
        {
            SetStreamOptions(socket, options);
        }

        if (socket.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // The BCL's default is the other one.
            socket.DualMode = options.DualMode;
        }

        if (options.ReceiveBufferSize is { } receive)
        {
            socket.ReceiveBufferSize = receive;
        }

        if (options.SendBufferSize is { } send)
        {
            socket.SendBufferSize = send;
        }

        if (options.ReuseAddress)
        {
            if (OperatingSystem.IsLinux())
            {
                // The BCL's option of this name sets SO_REUSEPORT as well.
                Span<byte> on = [1, 0, 0, 0];
                socket.SetRawSocketOption(Libc.SOL_SOCKET, Libc.SO_REUSEADDR, on);
            }
            else
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }
        }

        if (options.ReusePort)
        {
            // The BCL gives this option Windows' meaning on every system, which elsewhere takes SO_REUSEPORT.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        }
    }
}
