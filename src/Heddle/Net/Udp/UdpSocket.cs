using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Sends and receives datagrams over UDP. The counterpart of <c>loop.create_datagram_endpoint</c>.</summary>
/// <remarks>
/// Datagrams may be lost, doubled or overtaken on their way, as UDP has it. One task receives and one sends at a time. A cancelled
/// receive loses none. Dispose of it to close it. Members are for the loop's thread.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class UdpSocket : IDisposable
{
    private readonly DatagramTransport _transport;

    private UdpSocket(DatagramTransport transport, IPEndPoint? remote)
    {
        _transport = transport;
        RemoteEndPoint = remote;
    }

    /// <summary>Where it is bound, with the port that it was given.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)_transport.LocalEndPoint;

    /// <summary>The end point it is connected to, if any.</summary>
    public IPEndPoint? RemoteEndPoint { get; }

    /// <summary>Whether it may send to broadcast addresses. Default: false.</summary>
    public bool Broadcast
    {
        set => _transport.SetOption(SocketOptionName.Broadcast, value ? 1 : 0);
    }

    /// <summary>How many routers a multicast datagram may pass. Default: 1, which is the local network.</summary>
    public int MulticastTimeToLive
    {
        set => _transport.SetOption(SocketOptionName.MulticastTimeToLive, value);
    }

    /// <summary>Whether this machine hears the multicast datagrams that it sends itself. Default: true.</summary>
    public bool MulticastLoopback
    {
        set => _transport.SetOption(SocketOptionName.MulticastLoopback, value ? 1 : 0);
    }

    /// <summary>Opens a socket that is bound to the end point and receives from everybody.</summary>
    /// <param name="local">Port 0 has the system choose one.</param>
    /// <param name="settings">Null for the defaults.</param>
    /// <exception cref="ConnectionException">The end point is in use, not this machine's, or not allowed.</exception>
    public static UdpSocket Bind(IPEndPoint local, SocketSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(local);
        return new(Open(local, settings), null);
    }

    /// <summary>Opens a socket that sends to the end point, and receives from nobody else. Sends nothing.</summary>
    /// <exception cref="ConnectionException">There is no way to the end point.</exception>
    public static UdpSocket Connect(IPEndPoint remote, SocketSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(remote);
        var any = remote.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        var transport = Open(settings?.LocalEndPoint as IPEndPoint ?? new IPEndPoint(any, 0), settings);
        try
        {
            transport.Connect(remote);
            return new(transport, remote);
        }
        catch (SocketException failure)
        {
            transport.Dispose();
            throw IoFailures.Of("Connecting to", remote, failure.SocketErrorCode);
        }
    }

    /// <summary>Receives a datagram; what is longer than the buffer is cut off, and the result says so (<see cref="ReceivedDatagram.IsCut"/>).</summary>
    /// <exception cref="ConnectionException">The socket was closed; or it is connected and the other end's system says that nobody receives there.</exception>
    public Coroutine<ReceivedDatagram> ReceiveAsync(Memory<byte> buffer) => new(new DatagramReceiveWait(_transport, buffer));

    /// <summary>Sends a datagram to the end point that the socket is connected to.</summary>
    /// <exception cref="ConnectionException">It is too long, there is no way, or the socket is not connected.</exception>
    public Coroutine SendAsync(ReadOnlyMemory<byte> datagram) => new Coroutine<int>(new DatagramSendWait(_transport, datagram, null, RemoteEndPoint));

    /// <summary>Sends a datagram.</summary>
    /// <exception cref="ConnectionException">It is too long, or there is no way to the end point.</exception>
    public Coroutine SendToAsync(ReadOnlyMemory<byte> datagram, IPEndPoint remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        return new Coroutine<int>(new DatagramSendWait(_transport, datagram, remote, remote));
    }

    /// <summary>Receives what is sent to the multicast group from now on.</summary>
    /// <param name="group">Of the family of the socket's own address.</param>
    /// <param name="networkInterface">Null for the system's choice.</param>
    /// <exception cref="ConnectionException">It is no multicast group, or the interface has none.</exception>
    public void JoinGroup(IPAddress group, NetworkInterface? networkInterface = null) => SetMembership(group, networkInterface, true);

    /// <summary>Receives it no more.</summary>
    /// <inheritdoc cref="JoinGroup" path="/exception"/>
    public void LeaveGroup(IPAddress group, NetworkInterface? networkInterface = null) => SetMembership(group, networkInterface, false);

    /// <summary>Closes it. Who waits for it gets a <see cref="ConnectionException"/>.</summary>
    public void Dispose() => _transport.Dispose();

    /// <summary>Its ends.</summary>
    public override string ToString()
        => $"UdpSocket at {LocalEndPoint}{(RemoteEndPoint is null ? "" : $" to {RemoteEndPoint}")}";

    private void SetMembership(IPAddress group, NetworkInterface? networkInterface, bool isMember)
    {
        ArgumentNullException.ThrowIfNull(group);
        try
        {
            _transport.SetMembership(group, IndexOf(networkInterface, group.AddressFamily), isMember);
        }
        catch (SocketException failure)
        {
            throw IoFailures.Of(isMember ? "Joining the group" : "Leaving the group", new IPEndPoint(group, 0), failure.SocketErrorCode);
        }
    }

    private static int IndexOf(NetworkInterface? networkInterface, AddressFamily family)
    {
        var properties = networkInterface?.GetIPProperties();
        return properties is null ? 0
            : family == AddressFamily.InterNetworkV6 ? properties.GetIPv6Properties().Index
            : properties.GetIPv4Properties().Index;
    }

    private static DatagramTransport Open(IPEndPoint local, SocketSettings? settings)
    {
        try
        {
            return EventLoop.Current.Network.OpenDatagram(local, settings ?? new());
        }
        catch (SocketException failure)
        {
            throw IoFailures.Of("Binding to", local, failure.SocketErrorCode);
        }
    }
}
