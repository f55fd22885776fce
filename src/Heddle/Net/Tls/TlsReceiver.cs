using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The receiving half of TLS. While nothing is decrypted it holds no buffer.</summary>
internal sealed class TlsReceiver(SslStream session, TransportStream inner, EventLoop loop)
{
    private const int BufferSize = 16 * 1024;

    /// <summary>The connection has ended in the midst of the session, which anybody on the way can bring about.</summary>
    private const SocketError CutOff = SocketError.Disconnecting;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private SocketError _failure;
    private bool _hasEnded;
    private bool _isFilling;
    private IIoCompletion<int>? _completion;
    private Memory<byte> _target;

    internal IoResult<int> Receive(Memory<byte> target, IIoCompletion<int> completion)
    {
        if (_completion is not null)
        {
            return new(SocketError.AlreadyInProgress);
        }

        if (!HasSomething && !_isFilling)
        {
            _ = FillAsync();
        }

        if (HasSomething)
        {
            return Give(target);
        }

        _target = target;
        _completion = completion;
        return IoResult<int>.Pending;
    }

    internal bool TryCancel()
    {
        var isPending = _completion is not null;
        _completion = null;
        _target = default;
        return isPending;
    }

    internal void Close()
    {
        if (_failure == SocketError.Success)
        {
            _failure = SocketError.OperationAborted;
        }

        _start = _end;
        ReleaseIfEmpty();
        CompletePending();
    }

    private bool HasSomething => _start < _end || _hasEnded || _failure != SocketError.Success;

    private IoResult<int> Give(Memory<byte> target)
    {
        if (_start == _end)
        {
            return _failure != SocketError.Success ? new(_failure) : new(0);
        }

        var count = Math.Min(target.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(target.Span);
        _start += count;
        ReleaseIfEmpty();
        return new(count);
    }

    /// <summary>Waits for bytes without a buffer, then decrypts what there is. Its continuations run where the inner stream completes: on the loop.</summary>
    private async Task FillAsync()
    {
        _isFilling = true;
        var count = 0;
        try
        {
            await session.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
            if (_failure == SocketError.Success)
            {
                _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                count = await session.ReadAsync(_buffer).ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            loop.RunOnThread(() => OnFilled(0, inner.HasEnded ? CutOff : TlsFailures.ToSocketError(failure)));
            return;
        }

        // At its goodbye (close_notify) SslStream stops. That it has asked the stream below once more, and met the end, shows that none came.
        loop.RunOnThread(() => OnFilled(count, count == 0 && inner.HasEnded ? CutOff : SocketError.Success));
    }

    private void OnFilled(int count, SocketError failure)
    {
        _isFilling = false;
        if (_failure == SocketError.Success)
        {
            _failure = failure;
            _hasEnded = failure == SocketError.Success && count == 0;
            _end = count;
            _start = 0;
        }

        ReleaseIfEmpty();
        CompletePending();
    }

    private void CompletePending()
    {
        if (_completion is { } completion && HasSomething)
        {
            var target = _target;
            _completion = null;
            _target = default;
            completion.Complete(Give(target));
        }
    }

    private void ReleaseIfEmpty()
    {
        if (_start == _end && !_isFilling)
        {
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = [];
            }

            _start = _end = 0;
        }
    }
}
