using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>A network in memory: servers and clients of one loop talk as they do over sockets, without a socket, a descriptor or a name server.</summary>
/// <remarks>
/// Give it to a run by <c>Network = network.AttachTo</c> (<see cref="VirtualTimeOptions.Network"/>), or to a loop in real time by
/// <see cref="EventLoopOptions.Poller"/>; then <c>TcpServer</c>, <c>TcpConnection</c>, <c>UnixServer</c>, <c>UnixConnection</c>, <c>UdpSocket</c> and
/// <c>LoopHttpClient</c> are on it. Each end behaves as the system's does: what it buffers is limited, a reset is a reset, a port in use is in use.
/// Nothing of it comes from outside the loop, so that in virtual time a program that waits for ever is a <see cref="DeadlockException"/>, at once.
/// <para>
/// It has the loopback addresses and those that were named with <see cref="AddName"/>. Loop thread only, but for what is set up before the run; one loop is
/// attached at a time.
/// </para>
/// </remarks>
public sealed class MemoryNetwork
{
    private const int FirstEphemeralPort = 49152;

    private readonly Dictionary<string, IPAddress[]> _names = new(StringComparer.OrdinalIgnoreCase) { ["localhost"] = [IPAddress.Loopback] };
    private readonly HashSet<IPAddress> _addresses = [];
    private readonly Dictionary<EndPoint, List<MemoryListener>> _listeners = [];
    private readonly Dictionary<EndPoint, List<MemoryDatagram>> _datagrams = [];
    private MemoryPoller? _poller;
    private int _lastName;
    private int _lastPort = FirstEphemeralPort - 1;

    /// <summary>How long what is sent from now on is on its way, by the loop's clock. Default: zero, which is the next turn. Order is kept whatever is set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or infinite.</exception>
    public TimeSpan Latency
    {
        get;
        set => field = value >= TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Latency), value, "What is sent takes some time to arrive, or none; it must arrive.");
    }

    /// <summary>
    /// How many bytes of a stream's direction may be under way or unread before a send has to wait, where <see cref="SocketSettings.ReceiveBufferSize"/> of
    /// the one who receives says nothing. Default: 65,536.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public int BufferSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    } = 65536;

    /// <summary>Gives a name its addresses, and has the network have these. <c>localhost</c> is there from the beginning; other names have no address.</summary>
    /// <param name="host">Compared without regard to case.</param>
    /// <param name="addresses">In the order in which they are tried; none for a name that is known and has no address.</param>
    public void AddName(string host, params IPAddress[] addresses)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        ArgumentNullException.ThrowIfNull(addresses);
        _names[host] = [.. addresses];
        _addresses.UnionWith(addresses);
    }

    /// <summary>The network as the loop's own: for <see cref="VirtualTimeOptions.Network"/> and <see cref="EventLoopOptions.Poller"/>.</summary>
    /// <exception cref="InvalidOperationException">Another loop that still runs is attached.</exception>
    public INetworkPoller AttachTo(EventLoop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        if (_poller is { } attached)
        {
            throw new InvalidOperationException(
                $"The network in memory is attached to the loop '{attached.Loop.Name}', and cannot be to '{loop.Name}' as well: its two ends would be on two threads. "
                + "Run both ends on one loop, or make a network for each.");
        }

        return _poller = new MemoryPoller(this, loop);
    }

    /// <summary>What is between two hosts of a simulation (<see cref="SimulationWorld.AddHost"/>): how long it takes, and whether it is cut.</summary>
    /// <param name="first">A host's name; "test" for code that runs in none.</param>
    /// <param name="second">Another one's.</param>
    /// <exception cref="ArgumentException">There is no such host, or both are the same.</exception>
    /// <exception cref="InvalidOperationException">The network is not a simulation's, so it has no hosts.</exception>
    public NetworkLink Between(string first, string second)
        => Hosts is { } hosts ? hosts.Between(first, second)
            : throw new InvalidOperationException("Only the network of a simulation has hosts: take SimulationWorld.Network, after SimulationWorld.AddHost.");

    /// <summary>Two ends of a byte stream that are connected to each other, on the loop that runs, which may be on any network.</summary>
    /// <param name="bufferSize">See <see cref="BufferSize"/>, for each of the two directions.</param>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public static (StreamTransport Left, StreamTransport Right) CreatePair(int bufferSize = 65536)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bufferSize);
        var poller = new MemoryPoller(new MemoryNetwork(), EventLoop.Current);
        return MemoryConnection.CreatePair(poller, null, null, bufferSize, bufferSize);
    }

    /// <summary>In a simulation.</summary>
    internal NetworkHosts? Hosts { get; init; }

    /// <summary>Its loop has ended.</summary>
    internal void Detach()
    {
        _poller = null;
        _listeners.Clear();
        _datagrams.Clear();
    }

    internal IReadOnlyList<IPAddress> AddressesOf(string host) => _names.TryGetValue(host, out var addresses) ? addresses : [];

    internal int BufferSizeOf(SocketSettings receiver) => receiver.ReceiveBufferSize is { } size and > 0 ? size : BufferSize;

    /// <summary>The end point to be bound to, with a port if it has none. On a host it is one of that host's.</summary>
    /// <exception cref="SocketException">The address is none of the network's, or of another host.</exception>
    internal EndPoint Bind(EndPoint local)
    {
        if (Plain(local) is not IPEndPoint ip)
        {
            // As Linux does: what has no name gets an abstract one.
            return local.ToString()!.Length > 0 ? local : new UnixDomainSocketEndPoint($"\0memory-{++_lastName}");
        }

        if (SimulatedHost.Current is { } host)
        {
            ip = IsAny(ip.Address) || IPAddress.IsLoopback(ip.Address) ? new(host.Address, ip.Port) : ip;
            if (!ip.Address.Equals(host.Address) && !MemoryDatagram.IsGroup(ip.Address))
            {
                throw new SocketException((int)SocketError.AddressNotAvailable);
            }
        }

        if (!IsAny(ip.Address) && !Has(ip.Address))
        {
            throw new SocketException((int)SocketError.AddressNotAvailable);
        }

        return ip.Port != 0 ? ip : new IPEndPoint(ip.Address, FreePort());
    }

    /// <summary>Where a connection to the remote end comes from if nothing else was asked for.</summary>
    internal EndPoint? SourceFor(EndPoint remote)
        => Plain(remote) is not IPEndPoint ip ? null
            : new IPEndPoint(SimulatedHost.Current?.Address ?? (Hosts?.At(ip) is null ? ip.Address : IPAddress.Loopback), FreePort());

    /// <summary>Whom the code that runs means by it: on a host, <c>localhost</c> is that host.</summary>
    internal EndPoint Target(EndPoint remote)
        => SimulatedHost.Current is { } host && Plain(remote) is IPEndPoint ip && IPAddress.IsLoopback(ip.Address) ? new IPEndPoint(host.Address, ip.Port) : remote;

    /// <summary>Has it happen after so long, whatever becomes of the program.</summary>
    internal void After(TimeSpan delay, Action action) => _poller!.After(delay, action);

    /// <summary>The machine has failed: nobody listens there any more.</summary>
    internal void RemoveAllOf(IPAddress address)
    {
        foreach (var listener in _listeners.Values.SelectMany(static there => there).Where(one => IsAt(one.LocalEndPoint)).ToArray())
        {
            listener.Vanish();
        }

        foreach (var socket in _datagrams.Values.SelectMany(static there => there).Where(one => IsAt(one.LocalEndPoint)).ToArray())
        {
            Remove(socket, (IPEndPoint)socket.LocalEndPoint);
        }

        bool IsAt(EndPoint place) => place is IPEndPoint ip && ip.Address.Equals(address);
    }

    internal void Add(MemoryListener listener) => Add(_listeners, listener.LocalEndPoint, listener, static one => one.SharesPort);

    internal void Remove(MemoryListener listener) => Remove(_listeners, listener.LocalEndPoint, listener);

    /// <summary>Who listens at the end point. Those who share a port are served by turns.</summary>
    /// <param name="remote">Where to.</param>
    /// <param name="error">If nobody does: why.</param>
    internal MemoryListener? Find(EndPoint remote, out SocketError error)
    {
        remote = Plain(remote);
        error = remote is not IPEndPoint ? SocketError.AddressNotAvailable
            : Has(((IPEndPoint)remote).Address) ? SocketError.ConnectionRefused
            : SocketError.HostUnreachable;
        foreach (var place in PlacesOf(remote))
        {
            if (_listeners.TryGetValue(place, out var there) && (place.AddressFamily == remote.AddressFamily || there[0].TakesIPv4))
            {
                var next = there[0];
                there.RemoveAt(0);
                there.Add(next);
                return next;
            }
        }

        return null;
    }

    internal void Add(MemoryDatagram socket, EndPoint local) => Add(_datagrams, local, socket, static one => one.SharesPort);

    internal void Remove(MemoryDatagram socket, EndPoint local) => Remove(_datagrams, local, socket);

    /// <summary>Who gets a datagram: one at an address, all members of a group.</summary>
    internal IEnumerable<MemoryDatagram> FindReceivers(EndPoint remote)
    {
        if (remote is IPEndPoint group && MemoryDatagram.IsGroup(group.Address))
        {
            return [.. _datagrams.Where(place => place.Key is IPEndPoint at && at.Port == group.Port).SelectMany(static place => place.Value)
                .Where(socket => socket.IsMemberOf(group.Address))];
        }

        return PlacesOf(remote).Select(place => _datagrams.GetValueOrDefault(place)?[0]).OfType<MemoryDatagram>().Take(1);
    }

    /// <summary>Where somebody who is reached at the end point may be bound, the closest first.</summary>
    private static IEnumerable<EndPoint> PlacesOf(EndPoint remote)
    {
        yield return remote;
        if (remote is IPEndPoint { AddressFamily: AddressFamily.InterNetwork } ip)
        {
            yield return new IPEndPoint(IPAddress.Any, ip.Port);
        }

        if (remote is IPEndPoint any)
        {
            yield return new IPEndPoint(IPAddress.IPv6Any, any.Port);
        }
    }

    /// <summary>An address of IPv4 as such, where it is written as one of IPv6.</summary>
    private static EndPoint Plain(EndPoint endPoint)
        => endPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } ip ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port) : endPoint;

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static void Add<TPlace, T>(Dictionary<TPlace, List<T>> bound, TPlace place, T one, Predicate<T> sharesPort)
        where TPlace : notnull
    {
        if (!bound.TryGetValue(place, out var there))
        {
            bound.Add(place, there = []);
        }
        else if (!sharesPort(one) || !there.TrueForAll(sharesPort))
        {
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }

        there.Add(one);
    }

    private static void Remove<TPlace, T>(Dictionary<TPlace, List<T>> bound, TPlace place, T one)
        where TPlace : notnull
    {
        if (bound.TryGetValue(place, out var there) && there.Remove(one) && there.Count == 0)
        {
            bound.Remove(place);
        }
    }

    private bool Has(IPAddress address) => IPAddress.IsLoopback(address) || _addresses.Contains(address) || MemoryDatagram.IsGroup(address);

    /// <summary>In order, so that a run has the same ports each time.</summary>
    private int FreePort()
    {
        do
        {
            _lastPort = _lastPort == ushort.MaxValue ? FirstEphemeralPort : _lastPort + 1;
        }
        while (_listeners.Keys.Any(IsOfPort) || _datagrams.Keys.Any(IsOfPort));
        return _lastPort;

        bool IsOfPort(EndPoint place) => place is IPEndPoint { Port: var port } && port == _lastPort;
    }
}
