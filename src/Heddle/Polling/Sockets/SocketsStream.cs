using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A connected socket.</summary>
/// <remarks>
/// What waits is only ever told that something can be received, and receives on the loop's thread: so taking a receive back
/// loses nothing, and no other thread touches the caller's memory.
/// </remarks>
internal sealed partial class SocketsStream : StreamTransport, ISocketOwner
{
    private readonly SocketsPoller _poller;
    private readonly Socket _socket;
    private EndPoint? _local;
    private PendingOperation<int> _receive;
    private Memory<byte> _receiveBuffer;

    /// <summary>A receive of zero bytes, which ends when there is something. It stays under way when the receive is taken back.</summary>
    private SocketOperation? _arrival;

    /// <summary>What such a wait failed with while nobody received.</summary>
    private SocketError _lateFailure;

    /// <summary>The last receive got less than it asked for: another try at once would find nothing.</summary>
    private bool _isEmptied;

    private bool _isClosed;

    internal SocketsStream(SocketsPoller poller, Socket socket, EndPoint? remote)
    {
        _poller = poller;
        _socket = socket;
        RemoteEndPoint = remote;
        poller.Track(this);
    }

    internal override bool HasSpareDescriptor => !_isClosed && SpareDescriptors.Contain((int)_socket.Handle);

    public override EndPoint? LocalEndPoint => _local ??= _isClosed ? null : SocketsPoller.Named(_socket.LocalEndPoint);

    public override EndPoint? RemoteEndPoint { get; }

    public override bool NoDelay
    {
        set
        {
            if (!_isClosed && SocketsPoller.IsInternet(_socket))
            {
                _socket.NoDelay = value;
            }
        }
    }

    public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion)
    {
        if (_receive.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        if (_isClosed)
        {
            return new(SocketError.OperationAborted);
        }

        var result = ReceiveOrWait(buffer.Span);
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

    public override void Abort() => Close(abruptly: true);

    public override void Dispose() => Close(abruptly: false);

    public void OnEnded(SocketOperation operation)
    {
        if (ReferenceEquals(operation, _arrival))
        {
            OnArrival(operation.SocketError);
        }
        else
        {
            OnDeparture();
        }
    }

    public void OnThrown(SocketOperation operation, Exception failure)
    {
        if (ReferenceEquals(operation, _arrival))
        {
            _receiveBuffer = default;
            _receive.Fail(_poller, failure);
        }
        else
        {
            ForgetSend();
            _send.Fail(_poller, failure);
        }
    }

    private void OnArrival(SocketError error)
    {
        _isEmptied = false;
        if (!_receive.IsPending)
        {
            _lateFailure = error;
            return;
        }

        var result = error == SocketError.Success ? ReceiveOrWait(_receiveBuffer.Span) : new(error);
        if (!result.IsPending)
        {
            _receiveBuffer = default;
            _receive.End(_poller, result);
        }
    }

    /// <summary>Receives what is there; if nothing is, sees to it that <see cref="OnArrival"/> follows.</summary>
    private IoResult<int> ReceiveOrWait(Span<byte> buffer)
    {
        if (_lateFailure != SocketError.Success)
        {
            var failure = _lateFailure;
            _lateFailure = SocketError.Success;
            return new(failure);
        }

        _arrival ??= new SocketOperation(_poller.Loop, this);
        while (!_arrival.IsUnderWay)
        {
            if (!_isEmptied && TryReceive(buffer) is { IsPending: false } result)
            {
                return result;
            }

            if (!_arrival.Submit(_socket, static (socket, operation) => socket.ReceiveAsync(operation)))
            {
                _isEmptied = false;
                if (_arrival.SocketError != SocketError.Success)
                {
                    return new(_arrival.SocketError);
                }
            }
        }

        return IoResult<int>.Pending;
    }

    private IoResult<int> TryReceive(Span<byte> buffer)
    {
        SocketError error;
        var count = 0;
        if (buffer.IsEmpty)
        {
            var one = (byte)0;
            _socket.Receive(new Span<byte>(ref one), SocketFlags.Peek, out error);
        }
        else
        {
            count = _socket.Receive(buffer, SocketFlags.None, out error);
            _isEmptied = count > 0 && count < buffer.Length;
        }

        return error switch
        {
            SocketError.Success => new(count),
            SocketError.WouldBlock => IoResult<int>.Pending,
            _ => new(error),
        };
    }

    private void Close(bool abruptly)
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _poller.Forget(this);
        if (abruptly)
        {
            _socket.Close(0);
        }
        else
        {
            if (_arrival is { IsUnderWay: true } || _departure is { IsUnderWay: true })
            {
                // Without it the BCL resets a connection on which it has operations to cancel.
                TryShutdown();
            }

            _socket.Dispose();
        }

        _arrival?.Dispose();
        _departure?.Dispose();
        _receiveBuffer = default;
        ForgetSend();
        _receive.Abort(_poller);
        _send.Abort(_poller);
    }
}
