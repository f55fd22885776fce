using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>A socket for datagrams of a <see cref="MemoryNetwork"/>. What finds its queue full is lost, as with the system's.</summary>
internal sealed class MemoryDatagram : DatagramTransport
{
    /// <summary>The most that IP carries, less the headers of IPv4 and UDP.</summary>
    private const int MaxSize = 65507;

    /// <summary>How much longer one takes that others overtake.</summary>
    private static readonly TimeSpan s_detour = TimeSpan.FromSeconds(1);

    private readonly MemoryPoller _poller;
    private readonly EndPoint _local;
    private readonly int _room;
    private readonly Queue<(byte[] Bytes, EndPoint From)> _arrived = new();
    private readonly HashSet<IPAddress> _groups = [];
    private EndPoint? _remote;

    /// <summary>The very one that it is connected to by a name of this machine's: not whoever has that name later.</summary>
    private MemoryDatagram? _neighbour;

    private MemoryOperation<ReceivedDatagram> _receive;
    private Memory<byte> _into;
    private int _queued;

    /// <summary>So many bytes more have their place, and are on their way.</summary>
    private int _underWay;

    private bool _isClosed;

    internal MemoryDatagram(MemoryPoller poller, EndPoint local, SocketSettings settings)
    {
        (_poller, _local, _room) = (poller, local, poller.Network.BufferSizeOf(settings));
        SharesPort = settings.ReusePort || settings.ReuseAddress;
        poller.Network.Add(this, local);
        SimulatedProcess.Current?.Open(this);
    }

    public override EndPoint LocalEndPoint => _local;

    internal bool SharesPort { get; }

    public override void Connect(EndPoint remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        if (remote is not IPEndPoint)
        {
            _neighbour = _poller.Network.FindReceivers(remote).FirstOrDefault() ?? throw new SocketException((int)SocketError.AddressNotAvailable);
        }

        _remote = remote;
    }

    public override IoResult<ReceivedDatagram> Receive(Memory<byte> buffer, IIoCompletion<ReceivedDatagram> completion)
    {
        if (_receive.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        if (_isClosed)
        {
            return new(SocketError.OperationAborted);
        }

        if (_arrived.Count > 0)
        {
            return new(TakeFirst(buffer));
        }

        _into = buffer;
        return _receive.Begin(_poller, completion);
    }

    public override bool TryCancelReceive()
    {
        _into = default;
        return _receive.TryCancel(_poller);
    }

    public override IoResult<int> Send(ReadOnlyMemory<byte> buffer, EndPoint? remote, IIoCompletion<int> completion)
    {
        if (_isClosed)
        {
            return new(SocketError.OperationAborted);
        }

        if ((remote ?? _remote) is not { } to)
        {
            return new(SocketError.DestinationAddressRequired);
        }

        if (buffer.Length > MaxSize)
        {
            return new(SocketError.MessageSize);
        }

        if (to is not IPEndPoint ip)
        {
            return SendToNeighbour(buffer, remote is null ? _neighbour : _poller.Network.FindReceivers(to).FirstOrDefault());
        }

        // From here on it is nobody's business here whether it arrives.
        ip = (IPEndPoint)_poller.Network.Target(ip);
        var from = SourceFor((IPEndPoint)_local, ip);
        var bytes = buffer.ToArray();
        var way = _poller.Network.Hosts?.OfDatagrams(from, ip);
        if (way is { IsLost: true } or { IsCut: true })
        {
            return new(buffer.Length);
        }

        Dispatch(bytes, from, ip, way);
        if (way is { IsCopied: true })
        {
            Dispatch(bytes, from, ip, way);
        }

        return new(buffer.Length);
    }

    public override bool TryCancelSend() => false;

    public override void SetOption(SocketOptionName name, int value)
    {
        // None of those that there are makes a difference where all are neighbours.
    }

    public override void SetMembership(IPAddress group, int interfaceIndex, bool isMember)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (!IsGroup(group))
        {
            throw new SocketException((int)SocketError.InvalidArgument);
        }

        _ = isMember ? _groups.Add(group) : _groups.Remove(group);
    }

    public override void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _poller.Network.Remove(this, _local);
        _into = default;
        _receive.End(_poller, new(SocketError.OperationAborted));
    }

    internal static bool IsGroup(IPAddress address)
        => address.AddressFamily == AddressFamily.InterNetwork ? address.GetAddressBytes()[0] is >= 224 and < 240 : address.IsIPv6Multicast;

    internal bool IsMemberOf(IPAddress group) => _groups.Contains(group);

    private void Dispatch(byte[] bytes, IPEndPoint from, IPEndPoint to, NetworkWay? way)
    {
        if (way is { IsOvertaken: true })
        {
            _poller.After(s_detour, () => Deliver(bytes, from, to, way));
        }
        else
        {
            _poller.AfterLatency(static sent => sent.Sender.Deliver(sent.Bytes, sent.From, sent.To, sent.Way), (Sender: this, Bytes: bytes, From: from, To: to, Way: way), way);
        }
    }

    private void Deliver(byte[] bytes, IPEndPoint from, IPEndPoint to, NetworkWay? way)
    {
        if (way is { IsCut: true })
        {
            return;
        }

        foreach (var receiver in _poller.Network.FindReceivers(to))
        {
            receiver.Arrive(bytes, from);
        }
    }

    /// <summary>What goes by a name of this machine's is not lost: it has its place in the queue when it is sent, or there is none.</summary>
    private IoResult<int> SendToNeighbour(ReadOnlyMemory<byte> buffer, MemoryDatagram? receiver)
    {
        if (receiver is null)
        {
            return new(SocketError.AddressNotAvailable);
        }

        if (receiver._isClosed)
        {
            return new(SocketError.ConnectionRefused);
        }

        if (buffer.Length > receiver._room)
        {
            return new(SocketError.MessageSize);
        }

        if (receiver._remote is { } only && !only.Equals(_local))
        {
            return new(SocketError.AccessDenied);
        }

        if (receiver._underWay + receiver._queued + buffer.Length > receiver._room)
        {
            return new(SocketError.WouldBlock);
        }

        receiver._underWay += buffer.Length;
        _poller.AfterLatency(
            static sent =>
            {
                sent.Receiver._underWay -= sent.Bytes.Length;
                sent.Receiver.Arrive(sent.Bytes, sent.From);
            },
            (Receiver: receiver, From: _local, Bytes: buffer.ToArray()));
        return new(buffer.Length);
    }

    private static IPEndPoint SourceFor(IPEndPoint local, IPEndPoint to)
        => !local.Address.Equals(IPAddress.Any) && !local.Address.Equals(IPAddress.IPv6Any) ? local
            : new(IsGroup(to.Address) ? IPAddress.Loopback : to.Address, local.Port);

    /// <summary>Between steps: it is here.</summary>
    private void Arrive(byte[] bytes, EndPoint from)
    {
        if (_isClosed || (_remote is { } only && !only.Equals(from)) || _queued + bytes.Length > _room)
        {
            return;
        }

        _arrived.Enqueue((bytes, from));
        _queued += bytes.Length;
        if (_receive.IsPending)
        {
            var received = TakeFirst(_into);
            _into = default;
            _receive.End(_poller, new(received));
        }
    }

    private ReceivedDatagram TakeFirst(Memory<byte> buffer)
    {
        var (bytes, from) = _arrived.Dequeue();
        _queued -= bytes.Length;
        var count = Math.Min(bytes.Length, buffer.Length);
        bytes.AsSpan(0, count).CopyTo(buffer.Span);
        return new(count, from) { Length = bytes.Length };
    }
}
