using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A socket for datagrams.</summary>
internal sealed unsafe class EpollDatagram : DatagramTransport
{
    private readonly DatagramDescriptor _socket;
    private readonly EpollPoller _poller;
    private PendingOperation<ReceivedDatagram> _receive;
    private Memory<byte> _receiveBuffer;
    private PendingOperation<int> _send;
    private ReadOnlyMemory<byte> _sendBuffer;
    private EndPoint? _sendTo;
    private EndPoint _local;

    internal EpollDatagram(EpollPoller poller, int descriptor, EndPoint local)
    {
        _poller = poller;
        _local = NativeAddress.OfSocket(descriptor) ?? local;
        _socket = new DatagramDescriptor(this, poller, descriptor);
    }

    public override EndPoint LocalEndPoint => _local;

    public override void Connect(EndPoint remote)
    {
        if (EpollPoller.Connect(_socket.Descriptor, remote) is var error and not SocketError.Success)
        {
            throw new SocketException((int)error);
        }

        // Bound to any address, it has that of the way to the other end from here on.
        _local = NativeAddress.OfSocket(_socket.Descriptor) ?? _local;
    }

    public override IoResult<ReceivedDatagram> Receive(Memory<byte> buffer, IIoCompletion<ReceivedDatagram> completion)
    {
        if (_receive.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        var result = _socket.Receive(buffer.Span);
        if (!result.IsPending)
        {
            return result;
        }

        _receiveBuffer = buffer;
        return _receive.Begin(_poller, completion);
    }

    public override bool TryCancelReceive()
    {
        _receiveBuffer = default;
        return _receive.TryCancel(_poller);
    }

    public override IoResult<int> Send(ReadOnlyMemory<byte> buffer, EndPoint? remote, IIoCompletion<int> completion)
    {
        if (_send.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        var result = _socket.Send(buffer.Span, remote);
        if (!result.IsPending)
        {
            return result;
        }

        _sendBuffer = buffer;
        _sendTo = remote;
        return _send.Begin(_poller, completion);
    }

    public override bool TryCancelSend()
    {
        _sendBuffer = default;
        return _send.TryCancel(_poller);
    }

    public override void SetOption(SocketOptionName name, int value)
    {
        var (level, option) = (name, LocalEndPoint.AddressFamily == AddressFamily.InterNetworkV6) switch
        {
            (SocketOptionName.Broadcast, _) => (Libc.SOL_SOCKET, Libc.SO_BROADCAST),
            (SocketOptionName.MulticastTimeToLive, false) => (Libc.IPPROTO_IP, Libc.IP_MULTICAST_TTL),
            (SocketOptionName.MulticastTimeToLive, true) => (Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_HOPS),
            (SocketOptionName.MulticastLoopback, false) => (Libc.IPPROTO_IP, Libc.IP_MULTICAST_LOOP),
            (SocketOptionName.MulticastLoopback, true) => (Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_LOOP),
            (SocketOptionName.MulticastInterface, true) => (Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_IF),
            _ => throw new SocketException((int)SocketError.ProtocolOption),
        };
        EpollPoller.SetOption(_socket.Descriptor, level, option, value);
    }

    public override void SetMembership(IPAddress group, int interfaceIndex, bool isMember)
    {
        var address = group.GetAddressBytes();
        int result;
        if (group.AddressFamily == AddressFamily.InterNetworkV6)
        {
            var request = new Libc.Membership6 { Interface = interfaceIndex };
            address.CopyTo(new Span<byte>(request.Group, 16));
            var option = isMember ? Libc.IPV6_ADD_MEMBERSHIP : Libc.IPV6_DROP_MEMBERSHIP;
            result = Libc.setsockopt(_socket.Descriptor, Libc.IPPROTO_IPV6, option, &request, sizeof(Libc.Membership6));
        }
        else
        {
            var request = new Libc.Membership { Interface = interfaceIndex };
            address.CopyTo(new Span<byte>(request.Group, 4));
            var option = isMember ? Libc.IP_ADD_MEMBERSHIP : Libc.IP_DROP_MEMBERSHIP;
            result = Libc.setsockopt(_socket.Descriptor, Libc.IPPROTO_IP, option, &request, sizeof(Libc.Membership));
        }

        if (result != 0)
        {
            throw Errno.LastException();
        }
    }

    public override void Dispose() => _socket.Close();

    private sealed class DatagramDescriptor(EpollDatagram owner, EpollPoller poller, int descriptor)
        : EpollDescriptor(poller, descriptor, isWritable: true)
    {
        internal IoResult<ReceivedDatagram> Receive(Span<byte> buffer)
        {
            if (IsClosed)
            {
                return new(SocketError.OperationAborted);
            }

            return IsReadable ? TryReceive(buffer) : IoResult<ReceivedDatagram>.Pending;
        }

        internal IoResult<int> Send(ReadOnlySpan<byte> buffer, EndPoint? remote)
        {
            if (IsClosed)
            {
                return new(SocketError.OperationAborted);
            }

            return IsWritable || IsToAnyUnix(remote) ? TrySend(buffer, remote) : IoResult<int>.Pending;
        }

        protected override void OnReadable()
        {
            if (owner._receive.IsPending && TryReceive(owner._receiveBuffer.Span) is { IsPending: false } result)
            {
                owner._receiveBuffer = default;
                owner._receive.End(Poller, result);
            }
        }

        protected override void OnWritable()
        {
            if (owner._send.IsPending && TrySend(owner._sendBuffer.Span, owner._sendTo) is { IsPending: false } result)
            {
                owner._sendBuffer = default;
                owner._send.End(Poller, result);
            }
        }

        protected override void FailReceive(Exception failure)
        {
            owner._receiveBuffer = default;
            owner._receive.Fail(Poller, failure);
        }

        protected override void FailSend(Exception failure)
        {
            owner._sendBuffer = default;
            owner._send.Fail(Poller, failure);
        }

        protected override void OnClosed()
        {
            owner._receive.Abort(Poller);
            owner._send.Abort(Poller);
        }

        private IoResult<ReceivedDatagram> TryReceive(Span<byte> buffer)
        {
            var address = stackalloc byte[Libc.MaxAddressLength];
            var length = Libc.MaxAddressLength;
            nint count;
            fixed (byte* start = buffer)
            {
                do
                {
                    length = Libc.MaxAddressLength;
                    count = Libc.recvfrom(Descriptor, start, buffer.Length, Libc.MSG_TRUNC, address, &length);
                }
                while (count < 0 && Errno.Last == Errno.EINTR);
            }

            if (count >= 0)
            {
                var remote = NativeAddress.Read(new ReadOnlySpan<byte>(address, length))
                    ?? (owner.LocalEndPoint.AddressFamily == AddressFamily.Unix ? UnixNames.Unnamed : owner.LocalEndPoint);
                return new(new ReceivedDatagram(Math.Min((int)count, buffer.Length), remote) { Length = (int)count });
            }

            if (LastError() is var error and not SocketError.WouldBlock)
            {
                return new(error);
            }

            IsReadable = false;
            return IoResult<ReceivedDatagram>.Pending;
        }

        private IoResult<int> TrySend(ReadOnlySpan<byte> buffer, EndPoint? remote)
        {
            var address = remote is null ? default : NativeAddress.Write(remote);
            nint count;
            fixed (byte* start = buffer)
            fixed (byte* to = address)
            {
                do
                {
                    count = Libc.sendto(Descriptor, start, buffer.Length, Libc.MSG_NOSIGNAL, to, address.Length);
                }
                while (count < 0 && Errno.Last == Errno.EINTR);
            }

            if (count >= 0)
            {
                return new((int)count);
            }

            if (LastError() is var error && (error != SocketError.WouldBlock || IsToAnyUnix(remote)))
            {
                return new(error);
            }

            IsWritable = false;
            return IoResult<int>.Pending;
        }

        /// <summary>That the queue of one whom it is not connected to has room again makes no edge here.</summary>
        private static bool IsToAnyUnix(EndPoint? remote) => remote is { AddressFamily: AddressFamily.Unix };
    }
}
