using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Sending, from a buffer of its own.</content>
internal sealed partial class SocketsDatagram
{
    private PendingOperation<int> _send;
    private SocketOperation? _departure;
    private byte[]? _departing;

    /// <summary>What waits until one that was taken back, and is on its way all the same, has left.</summary>
    private (ReadOnlyMemory<byte> Datagram, EndPoint? To)? _kept;

    public override IoResult<int> Send(ReadOnlyMemory<byte> buffer, EndPoint? remote, IIoCompletion<int> completion)
    {
        if (_send.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        if (_isClosed)
        {
            return new(SocketError.OperationAborted);
        }

        if (remote is UnixDomainSocketEndPoint)
        {
            return SendAtOnce(buffer.Span, remote);
        }

        if (_departure is { IsUnderWay: true })
        {
            _kept = (buffer, remote);
        }
        else if (StartDeparture(buffer.Span, remote) is { IsPending: false } result)
        {
            return result;
        }

        return _send.Begin(_poller, completion);
    }

    public override bool TryCancelSend()
    {
        _kept = null;
        return _send.TryCancel(_poller);
    }

    /// <summary>The BCL would wait for room in the queue of one whom it is not connected to, of which the system tells nobody.</summary>
    private IoResult<int> SendAtOnce(ReadOnlySpan<byte> datagram, EndPoint remote)
    {
        try
        {
            return new(_socket.SendTo(datagram, SocketFlags.None, remote));
        }
        catch (SocketException failure)
        {
            return new(failure.SocketErrorCode);
        }
    }

    private IoResult<int> StartDeparture(ReadOnlySpan<byte> datagram, EndPoint? remote)
    {
        _departing = ArrayPool<byte>.Shared.Rent(datagram.Length);
        datagram.CopyTo(_departing);
        _departure ??= new SocketOperation(_poller.Loop, this);
        _departure.SetBuffer(_departing, 0, datagram.Length);
        _departure.RemoteEndPoint = remote;
        var isUnderWay = remote is null
            ? _departure.Submit(_socket, static (socket, operation) => socket.SendAsync(operation))
            : _departure.Submit(_socket, static (socket, operation) => socket.SendToAsync(operation));
        return isUnderWay ? IoResult<int>.Pending : EndDeparture();
    }

    private IoResult<int> EndDeparture()
    {
        var (count, error) = (_departure!.BytesTransferred, _departure.SocketError);
        if (!_isClosed)
        {
            _departure.SetBuffer(null, 0, 0);
        }

        ArrayPool<byte>.Shared.Return(_departing!);
        _departing = null;
        return error == SocketError.Success ? new(count) : new(error);
    }

    private void OnDeparture()
    {
        var result = EndDeparture();
        if (!_send.IsPending)
        {
            return;
        }

        if (_kept is var (datagram, to))
        {
            _kept = null;
            result = StartDeparture(datagram.Span, to);
            if (result.IsPending)
            {
                return;
            }
        }

        _send.End(_poller, result);
    }
}
