using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A socket for datagrams. What was received for a call that was taken back is kept for the next one.</summary>
internal sealed partial class SocketsDatagram : DatagramTransport, ISocketOwner
{
    private const int LongestDatagram = 65536;

    private readonly SocketsPoller _poller;
    private readonly Socket _socket;
    private PendingOperation<ReceivedDatagram> _receive;
    private Memory<byte> _receiveBuffer;
    private SocketOperation? _arrival;
    private EndPoint _local;

    /// <summary>Of the kind of those who send, with room for the longest of their names.</summary>
    private readonly EndPoint _anySender;

    /// <summary>The arrival has ended and nobody has taken what came.</summary>
    private bool _isLate;

    private bool _isClosed;

    internal SocketsDatagram(SocketsPoller poller, Socket socket, EndPoint local)
    {
        _poller = poller;
        _socket = socket;
        _local = socket.LocalEndPoint ?? local;
        _anySender = local is UnixDomainSocketEndPoint unix ? new UnixNames.Bound(unix) { IsBound = true } : _local;
        poller.Track(this);
    }

    public override EndPoint LocalEndPoint => _local;

    public override void Connect(EndPoint remote)
    {
        _socket.Connect(remote);

        // Bound to any address, it has that of the way to the other end from here on.
        _local = _socket.LocalEndPoint ?? _local;
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

        if (_isLate || !(_arrival ??= MakeArrival()).IsUnderWay && !StartArrival(buffer.Length))
        {
            return TakeArrival(buffer.Span);
        }

        _receiveBuffer = buffer;
        return _receive.Begin(_poller, completion);
    }

    public override bool TryCancelReceive()
    {
        _receiveBuffer = default;
        return _receive.TryCancel(_poller);
    }

    public override void SetOption(SocketOptionName name, int value)
    {
        var level = name switch
        {
            SocketOptionName.Broadcast => SocketOptionLevel.Socket,
            SocketOptionName.MulticastTimeToLive or SocketOptionName.MulticastLoopback => InternetLevel,
            SocketOptionName.MulticastInterface when InternetLevel == SocketOptionLevel.IPv6 => SocketOptionLevel.IPv6,
            _ => throw new SocketException((int)SocketError.ProtocolOption),
        };
        _socket.SetSocketOption(level, name, value);
    }

    public override void SetMembership(IPAddress group, int interfaceIndex, bool isMember)
    {
        var name = isMember ? SocketOptionName.AddMembership : SocketOptionName.DropMembership;
        if (group.AddressFamily == AddressFamily.InterNetworkV6)
        {
            _socket.SetSocketOption(SocketOptionLevel.IPv6, name, new IPv6MulticastOption(group, interfaceIndex));
        }
        else
        {
            _socket.SetSocketOption(SocketOptionLevel.IP, name, new MulticastOption(group, interfaceIndex));
        }
    }

    public override void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _poller.Forget(this);
        _socket.Dispose();
        _arrival?.Dispose();
        _departure?.Dispose();
        _receiveBuffer = default;
        _kept = default;
        _receive.Abort(_poller);
        _send.Abort(_poller);
    }

    public void OnEnded(SocketOperation operation)
    {
        if (ReferenceEquals(operation, _departure))
        {
            OnDeparture();
        }
        else if (_receive.IsPending)
        {
            var result = TakeArrival(_receiveBuffer.Span);
            _receiveBuffer = default;
            _receive.End(_poller, result);
        }
        else
        {
            _isLate = true;
        }
    }

    public void OnThrown(SocketOperation operation, Exception failure)
    {
        if (ReferenceEquals(operation, _departure))
        {
            _kept = null;
            _send.Fail(_poller, failure);
        }
        else
        {
            _receiveBuffer = default;
            _receive.Fail(_poller, failure);
        }
    }

    private SocketOptionLevel InternetLevel
        => _socket.AddressFamily == AddressFamily.InterNetworkV6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;

    private SocketOperation MakeArrival()
    {
        var arrival = new SocketOperation(_poller.Loop, this);
        arrival.SetBuffer(new byte[LongestDatagram], 0, LongestDatagram);
        return arrival;
    }

    private bool StartArrival(int wanted)
    {
        if (_arrival!.Count < wanted && _socket.AddressFamily == AddressFamily.Unix)
        {
            // Between programs of one machine a datagram may be longer than any of UDP's.
            _arrival.SetBuffer(new byte[wanted], 0, wanted);
        }

        // From whom it came takes the place of this.
        _arrival.RemoteEndPoint = _anySender;
        return _arrival.Submit(_socket, static (socket, operation) => socket.ReceiveFromAsync(operation));
    }

    private IoResult<ReceivedDatagram> TakeArrival(Span<byte> buffer)
    {
        _isLate = false;
        if (_arrival!.SocketError != SocketError.Success)
        {
            return new(_arrival.SocketError);
        }

        var count = Math.Min(_arrival.BytesTransferred, buffer.Length);
        _arrival.MemoryBuffer.Span[..count].CopyTo(buffer);
        var remote = _arrival.RemoteEndPoint is null or UnixNames.Bound ? UnixNames.Unnamed : _arrival.RemoteEndPoint;

        // Of what did not fit in here either the BCL does not say how long it was.
        var isLonger = (_arrival.SocketFlags & SocketFlags.Truncated) != 0;
        return new(new ReceivedDatagram(count, remote) { Length = _arrival.BytesTransferred + (isLonger ? 1 : 0) });
    }
}
