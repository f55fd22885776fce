using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;
using Microsoft.Win32.SafeHandles;

namespace Heddle;

/// <summary>A connected socket, or one that is being connected.</summary>
internal sealed unsafe partial class EpollStream : StreamTransport, IConnectAttempt
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

    /// <summary>What is being sent instead of buffers.</summary>
    private FileSend? _sendFile;

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

    internal override IoResult<int> SendFile(SafeFileHandle file, long offset, int count, IIoCompletion<int> completion)
    {
        if (!Environment.Is64BitProcess)
        {
            // The C library's function for long offsets has another name on each system there.
            return new(SocketError.OperationNotSupported);
        }

        if (_send.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        var part = new FileSend(file, offset, count);
        var result = _socket.Send(part);
        if (!result.IsPending)
        {
            return result;
        }

        _sendFile = part;
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
        else if (_send.IsPending
            && (_sendFile is { } part ? _socket.Send(part) : _socket.Send(_sendBuffers.AsSpan(0, _sendCount))) is { IsPending: false } result)
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
        _sendFile = null;
        _sendBuffers.AsSpan(0, _sendCount).Clear();
        _sendCount = 0;
    }
}
