using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Sends and receives datagrams between programs of this machine, by a socket file: what system loggers and service managers speak.</summary>
/// <remarks>
/// Datagrams arrive whole, in order, and once; a sender waits while a receiver's queue is full. One task receives and one sends at a time. A cancelled receive loses none. The
/// file is made by the binding and removed by <see cref="Dispose"/>, unless another stands there by then; one that a dead program has left is replaced, and what is no
/// socket is left as it is. On Linux a path that begins with a zero is an abstract name, which has no file. Members are for the loop's thread.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class UnixDatagramSocket : IDisposable
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(16);

    private readonly DatagramTransport _transport;
    private readonly EventLoop _loop;
    private readonly SocketFile? _file;

    private UnixDatagramSocket(DatagramTransport transport, SocketFile? file, string? remotePath)
    {
        _transport = transport;
        _file = file;
        _loop = EventLoop.Current;
        RemotePath = remotePath;
    }

    /// <summary>Where it is bound. On Linux one that was given no path has an abstract name of the system's, so that it can be answered.</summary>
    public EndPoint LocalEndPoint => _transport.LocalEndPoint;

    /// <summary>The path that it is connected to, if any.</summary>
    public string? RemotePath { get; }

    /// <summary>Opens a socket that is bound to the path and receives from everybody who may write to its file.</summary>
    /// <param name="path">At most about a hundred bytes long, which is the system's limit.</param>
    /// <param name="settings">Null for the defaults.</param>
    /// <exception cref="ConnectionException">Another socket is bound there, or what stands there is no socket, or it is not allowed.</exception>
    public static UnixDatagramSocket Bind(string path, SocketSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Open(path, settings, null);
    }

    /// <summary>Opens a socket that sends to the path, and receives from nobody else. Sends nothing.</summary>
    /// <param name="path">Where somebody is bound.</param>
    /// <param name="localPath">Where this one is bound, to be answered; null for none, on Linux an abstract name of the system's.</param>
    /// <param name="settings">Null for the defaults.</param>
    /// <exception cref="ConnectionException">Nobody is bound at the path, or it is not allowed; or the local path is another's.</exception>
    public static UnixDatagramSocket Connect(string path, string? localPath = null, SocketSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (localPath is not null)
        {
            ArgumentException.ThrowIfNullOrEmpty(localPath);
        }

        var remote = new UnixDomainSocketEndPoint(path);
        var socket = Open(localPath, settings, path);
        try
        {
            socket._transport.Connect(remote);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw IoFailures.Of("Connecting to", remote, failure.SocketErrorCode);
        }
    }

    /// <summary>Receives a datagram; what is longer than the buffer is cut off, and the result says so (<see cref="ReceivedDatagram.IsCut"/>).</summary>
    /// <remarks>The end point of a sender that has no name has none either; its text is empty.</remarks>
    /// <exception cref="ConnectionException">The socket was closed.</exception>
    public Coroutine<ReceivedDatagram> ReceiveAsync(Memory<byte> buffer) => new(new DatagramReceiveWait(_transport, buffer));

    /// <summary>Sends a datagram to the path that the socket is connected to; waits while its queue is full.</summary>
    /// <exception cref="ConnectionException">
    /// It is too long, or the socket is not connected; or the other one was closed: connect anew to whoever is bound there by then.
    /// </exception>
    public Coroutine SendAsync(ReadOnlyMemory<byte> datagram) => SendAsync(datagram, null);

    /// <summary>Sends a datagram; waits while the receiver's queue is full.</summary>
    /// <exception cref="ConnectionException">It is too long, or nobody is bound there, or it is not allowed.</exception>
    public Coroutine SendToAsync(ReadOnlyMemory<byte> datagram, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return SendAsync(datagram, new UnixDomainSocketEndPoint(path));
    }

    /// <summary>Sends a datagram to whom one was received from, for an answer.</summary>
    /// <inheritdoc cref="SendToAsync(ReadOnlyMemory{byte}, string)" path="/exception"/>
    public Coroutine SendToAsync(ReadOnlyMemory<byte> datagram, EndPoint remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        return SendAsync(datagram, remote);
    }

    /// <summary>Closes it, and removes its file. Who waits for it gets a <see cref="ConnectionException"/>. Never throws.</summary>
    public void Dispose()
    {
        _file?.Remove(_loop);
        _transport.Dispose();
    }

    /// <summary>Its ends.</summary>
    public override string ToString()
        => $"UnixDatagramSocket at {IoFailures.Name(LocalEndPoint)}{(RemotePath is null ? "" : $" to {RemotePath}")}";

    private async Coroutine SendAsync(ReadOnlyMemory<byte> datagram, EndPoint? to)
    {
        for (var pause = TimeSpan.FromMilliseconds(1); ; pause = pause < s_longestPause ? pause * 2 : pause)
        {
            try
            {
                await new Coroutine<int>(new DatagramSendWait(_transport, datagram, to, to ?? (RemotePath is null ? null : new UnixDomainSocketEndPoint(RemotePath))));
                return;
            }
            catch (ConnectionException failure) when (failure.ErrorCode == SocketError.WouldBlock)
            {
                // The kernel tells nobody when there is room again in the queue of one that is not connected to.
                await Coroutine.Delay(pause);
            }
        }
    }

    private static UnixDatagramSocket Open(string? path, SocketSettings? settings, string? remotePath)
    {
        var local = path is null ? UnixNames.Unnamed : new UnixDomainSocketEndPoint(path);
        var file = path is null ? null : SocketFile.MakeRoom(path, local, SocketType.Dgram);
        try
        {
            var transport = EventLoop.Current.Network.OpenDatagram(local, settings ?? new());
            file?.OnBound();
            return new(transport, file, remotePath);
        }
        catch (SocketException failure)
        {
            throw IoFailures.Of("Binding to", local, failure.SocketErrorCode);
        }
    }
}
