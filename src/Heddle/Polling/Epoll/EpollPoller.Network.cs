using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Opening sockets.</content>
internal sealed unsafe partial class EpollPoller
{
    public IoResult<StreamTransport> Connect(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt)
    {
        attempt = null;
        var descriptor = -1;
        try
        {
            descriptor = OpenSocket(remote, Libc.SOCK_STREAM, options);
            if (options.LocalEndPoint is { } local)
            {
                Bind(descriptor, local);
            }
        }
        catch (SocketException failure)
        {
            CloseUnlessNone(descriptor);
            return new(failure.SocketErrorCode);
        }

        var error = Connect(descriptor, remote);
        if (error is not (SocketError.Success or SocketError.InProgress))
        {
            _ = Libc.close(descriptor);
            return new(error);
        }

        EpollStream stream;
        try
        {
            stream = new EpollStream(this, descriptor, remote, isWritable: error == SocketError.Success);
        }
        catch (SocketException failure)
        {
            return new(failure.SocketErrorCode);
        }

        if (error == SocketError.Success)
        {
            return new(stream);
        }

        attempt = stream;
        return stream.BeginConnect(completion);
    }

    public ListenTransport Listen(EndPoint local, ListenSettings options)
    {
        var descriptor = OpenSocket(local, Libc.SOCK_STREAM, options);
        try
        {
            if (NativeAddress.IsInternet(local))
            {
                // A port whose old connections linger is free; one that somebody listens on is not.
                SetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
            }

            Bind(descriptor, local);
            UnixNames.SetMode(local, options.FileMode);
            Check(Libc.listen(descriptor, options.Backlog));
        }
        catch
        {
            _ = Libc.close(descriptor);
            throw;
        }

        return new EpollListener(this, descriptor, local, isShared: false);
    }

    public ListenTransport? ListenOn(int descriptor, ListenSettings options)
    {
        EndPoint local;
        try
        {
            Check(Libc.fcntl(descriptor, Libc.F_SETFL, Check(Libc.fcntl(descriptor, Libc.F_GETFL, 0)) | Libc.O_NONBLOCK));
            local = NativeAddress.OfSocket(descriptor) ?? throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        }
        catch (SocketException)
        {
            _ = Libc.close(descriptor);
            throw;
        }

        return new EpollListener(this, descriptor, local, isShared: true);
    }

    public DatagramTransport OpenDatagram(EndPoint local, SocketSettings options)
    {
        var descriptor = OpenSocket(local, Libc.SOCK_DGRAM, options);
        try
        {
            // A Unix domain socket without a name gets an abstract one by this.
            Bind(descriptor, local);
        }
        catch
        {
            _ = Libc.close(descriptor);
            throw;
        }

        return new EpollDatagram(this, descriptor, local);
    }

    internal static void SetOption(int descriptor, int level, int option, int value)
        => Check(Libc.setsockopt(descriptor, level, option, &value, sizeof(int)));

    internal static SocketError Connect(int descriptor, EndPoint remote)
    {
        var address = NativeAddress.Write(remote);
        fixed (byte* start = address)
        {
            return Libc.connect(descriptor, start, address.Length) == 0 ? SocketError.Success : Errno.ToSocketError(Errno.Last);
        }
    }

    private static void Bind(int descriptor, EndPoint local)
    {
        var address = NativeAddress.Write(local);
        fixed (byte* start = address)
        {
            Check(Libc.bind(descriptor, start, address.Length));
        }
    }

    private static int OpenSocket(EndPoint endPoint, int type, SocketSettings options)
    {
        var descriptor = Check(Libc.socket(
            NativeAddress.FamilyOf(endPoint), type | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0));
        try
        {
            SetOptions(descriptor, endPoint, type, options);
            return descriptor;
        }
        catch
        {
            _ = Libc.close(descriptor);
            throw;
        }
    }

    private static void SetOptions(int descriptor, EndPoint endPoint, int type, SocketSettings options)
    {
        if (type == Libc.SOCK_STREAM && NativeAddress.IsInternet(endPoint))
        {
            if (options.NoDelay)
            {
                SetOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
            }

            if (options.KeepAlive)
            {
                SetKeepAlive(descriptor, options);
            }
        }

        if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
        {
            SetOption(descriptor, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, options.DualMode ? 0 : 1);
        }

        if (options.ReceiveBufferSize is { } receive)
        {
            SetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVBUF, receive);
        }

        if (options.SendBufferSize is { } send)
        {
            SetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_SNDBUF, send);
        }

        if (options.ReuseAddress)
        {
            SetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
        }

        if (options.ReusePort)
        {
            SetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1);
        }
    }

    private static void SetKeepAlive(int descriptor, SocketSettings options)
    {
        SetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE, 1);
        if (options.KeepAliveTime is { } time)
        {
            SetOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_KEEPIDLE, (int)time.TotalSeconds);
        }

        if (options.KeepAliveInterval is { } interval)
        {
            SetOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_KEEPINTVL, (int)interval.TotalSeconds);
        }

        if (options.KeepAliveRetryCount is { } count)
        {
            SetOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_KEEPCNT, count);
        }
    }

    private static void CloseUnlessNone(int descriptor)
    {
        if (descriptor >= 0)
        {
            _ = Libc.close(descriptor);
        }
    }
}
