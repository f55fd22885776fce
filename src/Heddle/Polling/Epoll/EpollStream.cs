using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A connected socket, or one that is being connected.</summary>
internal sealed unsafe class EpollStream : StreamTransport, IConnectAttempt
{
    private readonly SocketDescriptor _socket;
    private readonly EpollPoller _poller;
    private readonly bool _isInternet;
    private EndPoint? _local;
    private PendingOperation<StreamTransport> _connect;
    private PendingOperation<int> _receive;
    private Memory<byte> _receiveBuffer;
    private PendingOperation<int> _send;
    private ReadOnlyMemory<byte>[] _sendBuffers = [];
    private int _sendCount;

    internal EpollStream(EpollPoller poller, int descriptor, EndPoint? remote, bool isWritable)
    {
        _poller = poller;
        RemoteEndPoint = remote;
        _isInternet = remote is not null && NativeAddress.IsInternet(remote);
        _socket = new SocketDescriptor(this, poller, descriptor, isWritable);
    }

    /// <summary>Asked for when it is first wanted: most programs never look, and the question is a system call.</summary>
    internal override bool HasSpareDescriptor => SpareDescriptors.Contain(_socket.Descriptor);

    public override EndPoint? LocalEndPoint => _local ??= NativeAddress.OfSocket(_socket.Descriptor);

    public override EndPoint? RemoteEndPoint { get; }

    public override bool NoDelay
    {
        set
        {
            if (!_socket.IsClosed && _isInternet)
            {
                EpollPoller.SetOption(_socket.Descriptor, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, value ? 1 : 0);
            }
        }
    }

    internal IoResult<StreamTransport> BeginConnect(IIoCompletion<StreamTransport> completion) => _connect.Begin(_poller, completion);

    void IConnectAttempt.Cancel()
    {
        _connect.TryCancel(_poller);
        Dispose();
    }

    public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion)
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

    internal override void LookAnew() => _socket.LookAnew();

    public override bool TryCancelReceive()
    {
        _receiveBuffer = default;
        return _receive.TryCancel(_poller);
    }

    public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion)
    {
        if (_send.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        var result = _socket.Send(buffers);
        if (!result.IsPending)
        {
            return result;
        }

        KeepForLater(buffers);
        return _send.Begin(_poller, completion);
    }

    public override bool TryCancelSend()
    {
        ForgetSend();
        return _send.TryCancel(_poller);
    }

    public override IoResult<int> FinishSending(IIoCompletion<int> completion)
    {
        if (_socket.IsClosed)
        {
            return new(SocketError.OperationAborted);
        }

        if (_send.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        return Libc.shutdown(_socket.Descriptor, Libc.SHUT_WR) == 0 ? new(0) : new(Errno.ToSocketError(Errno.Last));
    }

    public override void Abort()
    {
        if (!_socket.IsClosed)
        {
            var reset = new Libc.Linger { IsOn = 1, Seconds = 0 };
            _ = Libc.setsockopt(_socket.Descriptor, Libc.SOL_SOCKET, Libc.SO_LINGER, &reset, sizeof(Libc.Linger));
        }

        Dispose();
    }

    public override void Dispose() => _socket.Close();

    private void KeepForLater(ReadOnlySpan<ReadOnlyMemory<byte>> buffers)
    {
        if (_sendBuffers.Length < buffers.Length)
        {
            _sendBuffers = new ReadOnlyMemory<byte>[buffers.Length];
        }

        buffers.CopyTo(_sendBuffers);
        _sendCount = buffers.Length;
    }

    private void OnReadable()
    {
        if (_receive.IsPending && _socket.Receive(_receiveBuffer.Span) is { IsPending: false } result)
        {
            _receiveBuffer = default;
            _receive.End(_poller, result);
        }
    }

    private void OnWritable()
    {
        if (_connect.IsPending)
        {
            OnConnected();
        }
        else if (_send.IsPending && _socket.Send(_sendBuffers.AsSpan(0, _sendCount)) is { IsPending: false } result)
        {
            ForgetSend();
            _send.End(_poller, result);
        }
    }

    private void FailReceive(Exception failure)
    {
        _receiveBuffer = default;
        _receive.Fail(_poller, failure);
    }

    private void FailSend(Exception failure)
    {
        ForgetSend();
        if (_connect.IsPending)
        {
            _connect.Fail(_poller, failure);
            Dispose();
        }
        else
        {
            _send.Fail(_poller, failure);
        }
    }

    private void OnConnected()
    {
        var error = 0;
        var length = sizeof(int);
        if (Libc.getsockopt(_socket.Descriptor, Libc.SOL_SOCKET, Libc.SO_ERROR, &error, &length) != 0)
        {
            error = Errno.Last;
        }

        if (error == 0)
        {
            _connect.End(_poller, new(this));
            return;
        }

        var connect = _connect;
        _connect = default;
        Dispose();
        connect.End(_poller, new(Errno.ToSocketError(error)));
    }

    private void OnClosed()
    {
        _receiveBuffer = default;
        ForgetSend();
        _connect.Abort(_poller);
        _receive.Abort(_poller);
        _send.Abort(_poller);
    }

    private void ForgetSend()
    {
        _sendBuffers.AsSpan(0, _sendCount).Clear();
        _sendCount = 0;
    }

    private sealed class SocketDescriptor(EpollStream stream, EpollPoller poller, int descriptor, bool isWritable)
        : EpollDescriptor(poller, descriptor, isWritable)
    {
        /// <summary>It is not the kernel that said it is readable, so that there may be something, or not.</summary>
        private bool _mayBeEmpty;

        internal void LookAnew()
        {
            _mayBeEmpty |= !IsReadable;
            IsReadable = true;
        }

        internal IoResult<int> Receive(Span<byte> buffer)
        {
            if (IsClosed)
            {
                return new(SocketError.OperationAborted);
            }

            if (!IsReadable)
            {
                return IoResult<int>.Pending;
            }

            if (buffer.IsEmpty)
            {
                return _mayBeEmpty ? Peek() : new(0);
            }

            nint count;
            fixed (byte* start = buffer)
            {
                do
                {
                    count = stream._isInternet ? Libc.recv(Descriptor, start, buffer.Length, 0) : ReceiveMessage(start, buffer.Length);
                }
                while (count < 0 && Errno.Last == Errno.EINTR);
            }

            if (count < 0)
            {
                return Failed(isReceive: true);
            }

            if (count < buffer.Length && !HasHungUp && !ComesInPieces)
            {
                IsReadable = false;
            }

            // A receive that filled its buffer may have emptied the socket.
            _mayBeEmpty = !HasHungUp;
            return new((int)count);
        }

        internal IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers)
        {
            if (IsClosed)
            {
                return new(SocketError.OperationAborted);
            }

            if (!IsWritable)
            {
                return IoResult<int>.Pending;
            }

            if (buffers.Length > VectoredSend.MostBuffers)
            {
                buffers = buffers[..VectoredSend.MostBuffers];
            }

            var length = 0L;
            foreach (var buffer in buffers)
            {
                length += buffer.Length;
            }

            var count = buffers.Length == 1 ? SendOne(buffers[0].Span) : VectoredSend.Call(Descriptor, buffers);
            if (count < 0)
            {
                return Failed(isReceive: false);
            }

            if (count < length)
            {
                IsWritable = false;
            }

            return new((int)count);
        }

        protected override void OnReadable()
        {
            _mayBeEmpty = false;
            stream.OnReadable();
        }

        protected override void OnWritable() => stream.OnWritable();

        protected override void FailReceive(Exception failure) => stream.FailReceive(failure);

        protected override void FailSend(Exception failure) => stream.FailSend(failure);

        protected override void OnClosed() => stream.OnClosed();

        /// <summary>A Unix socket also ends a receive behind what came with descriptors (which are refused): that alone is how it says so.</summary>
        private nint ReceiveMessage(byte* start, int length)
        {
            var buffer = new Libc.IoVector { Start = start, Length = length };
            var message = new Libc.MessageHeader { Buffers = &buffer, BufferCount = 1 };
            var count = Libc.recvmsg(Descriptor, &message, 0);
            ComesInPieces |= (message.Flags & Libc.MSG_CTRUNC) != 0;
            return count;
        }

        private IoResult<int> Peek()
        {
            byte one;
            nint count;
            do
            {
                count = Libc.recv(Descriptor, &one, 1, Libc.MSG_PEEK);
            }
            while (count < 0 && Errno.Last == Errno.EINTR);

            return count < 0 ? Failed(isReceive: true) : new(0);
        }

        private nint SendOne(ReadOnlySpan<byte> buffer)
        {
            nint count;
            fixed (byte* start = buffer)
            {
                do
                {
                    count = Libc.send(Descriptor, start, buffer.Length, Libc.MSG_NOSIGNAL);
                }
                while (count < 0 && Errno.Last == Errno.EINTR);
            }

            return count;
        }

        private IoResult<int> Failed(bool isReceive)
        {
            var error = LastError();
            if (error != SocketError.WouldBlock)
            {
                return new(error);
            }

            if (isReceive)
            {
                IsReadable = false;
            }
            else
            {
                IsWritable = false;
            }

            return IoResult<int>.Pending;
        }
    }
}
