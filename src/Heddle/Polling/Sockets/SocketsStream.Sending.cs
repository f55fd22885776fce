using System.Buffers;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Sending: at once what the system takes at once, the rest from a buffer of its own.</content>
internal sealed partial class SocketsStream
{
    /// <summary>How much is copied at a time.</summary>
    private const int MostOwned = 64 * 1024;

    private PendingOperation<int> _send;

    /// <summary>What waits until a send that was taken back, and is on its way all the same, has ended.</summary>
    private ReadOnlyMemory<byte>[] _kept = [];
    private int _keptCount;

    private SocketOperation? _departure;
    private byte[]? _departing;

    public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion)
    {
        if (_send.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        if (_isClosed)
        {
            return new(SocketError.OperationAborted);
        }

        if (_departure is { IsUnderWay: true })
        {
            Keep(buffers);
        }
        else if (SendOrWait(buffers) is { IsPending: false } result)
        {
            return result;
        }

        return _send.Begin(_poller, completion);
    }

    /// <summary>What is on its way goes on from a buffer of its own, so that the caller's is free.</summary>
    public override bool TryCancelSend()
    {
        ForgetSend();
        return _send.TryCancel(_poller);
    }

    public override IoResult<int> FinishSending(IIoCompletion<int> completion)
    {
        if (_send.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        return _isClosed ? new(SocketError.OperationAborted)
            : TryShutdown() is var error && error == SocketError.Success ? new(0)
            : new(error);
    }

    private SocketError TryShutdown()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            return SocketError.Success;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode;
        }
    }

    /// <summary>Sends what the system takes; if it takes nothing, sees to it that <see cref="OnDeparture"/> follows.</summary>
    private IoResult<int> SendOrWait(ReadOnlySpan<ReadOnlyMemory<byte>> buffers)
    {
        byte[]? owned = null;
        var length = 0;
        var bytes = buffers.Length == 1 ? buffers[0].Span : Gather(buffers, out owned, out length);
        var count = _socket.Send(bytes, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            if (owned is null)
            {
                Gather(buffers, out owned, out length);
            }

            return StartDeparture(owned, length);
        }

        if (owned is not null)
        {
            ArrayPool<byte>.Shared.Return(owned);
        }

        return error == SocketError.Success ? new(count) : new(error);
    }

    private static ReadOnlySpan<byte> Gather(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, out byte[] owned, out int length)
    {
        owned = ArrayPool<byte>.Shared.Rent(MostOwned);
        length = 0;
        foreach (var buffer in buffers)
        {
            var count = Math.Min(buffer.Length, MostOwned - length);
            buffer.Span[..count].CopyTo(owned.AsSpan(length));
            length += count;
        }

        return owned.AsSpan(0, length);
    }

    private IoResult<int> StartDeparture(byte[] owned, int length)
    {
        _departing = owned;
        _departure ??= new SocketOperation(_poller.Loop, this);
        _departure.SetBuffer(owned, 0, length);
        return _departure.Submit(_socket, static (socket, operation) => socket.SendAsync(operation))
            ? IoResult<int>.Pending
            : EndDeparture();
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

        if (_keptCount > 0)
        {
            result = SendOrWait(_kept.AsSpan(0, _keptCount));
            ForgetSend();
            if (result.IsPending)
            {
                return;
            }
        }

        _send.End(_poller, result);
    }

    private void Keep(ReadOnlySpan<ReadOnlyMemory<byte>> buffers)
    {
        if (_kept.Length < buffers.Length)
        {
            _kept = new ReadOnlyMemory<byte>[buffers.Length];
        }

        buffers.CopyTo(_kept);
        _keptCount = buffers.Length;
    }

    private void ForgetSend()
    {
        _kept.AsSpan(0, _keptCount).Clear();
        _keptCount = 0;
    }
}
