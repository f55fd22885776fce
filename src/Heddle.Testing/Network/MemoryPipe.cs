using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>One direction of a byte stream: what one end sends, the other receives, in order and after a while.</summary>
/// <remarks>
/// A send is taken as far as there is room, and what is taken is a segment that arrives at its time. What the other end does ends an operation by a
/// callback that is posted to the loop, never from within the other end's call; when its turn comes it looks anew.
/// </remarks>
/// <param name="poller">Of the loop of both ends.</param>
/// <param name="capacity">How many bytes may be under way or unread.</param>
/// <param name="way">In a simulated network: what befalls what is sent.</param>
internal sealed class MemoryPipe(MemoryPoller poller, int capacity, NetworkWay? way = null)
{
    private readonly Queue<Segment> _onItsWay = new();
    private byte[] _ring = [];
    private int _first;
    private int _count;

    /// <summary>How many of the bytes have arrived; the others are on their way.</summary>
    private int _arrived;

    private TimeSpan _lastDue;
    private LoopTimer? _arrival;
    private MemoryOperation<int> _receive;
    private MemoryOperation<int> _send;
    private Memory<byte> _into;
    private ReadOnlyMemory<byte>[] _from = [];
    private bool _isLookPosted;

    /// <summary>What the sender is told from now on; success while it may send.</summary>
    private SocketError _sendError;

    /// <summary>What the receiver is told once it has had what had arrived; success while more may come.</summary>
    private SocketError _receiveError;

    private bool _isAtEnd;
    private bool _isReceiverGone;

    /// <summary>The other direction of the same stream.</summary>
    internal MemoryPipe Opposite { private get; set; } = null!;

    /// <summary>What the sender is told when nobody is there to receive.</summary>
    internal SocketError WhenReceiverIsGone { private get; init; } = SocketError.ConnectionReset;

    /// <summary>Whether something was sent here that its receiver has not had.</summary>
    internal bool HasUnread => _count > 0;

    internal IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion)
    {
        if (_receive.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        if (TryReceive(buffer) is { IsPending: false } result)
        {
            return result;
        }

        _into = buffer;
        return _receive.Begin(poller, completion);
    }

    internal bool TryCancelReceive()
    {
        _into = default;
        return _receive.TryCancel(poller);
    }

    internal IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion)
    {
        if (_send.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        if (TrySend(buffers) is { IsPending: false } result)
        {
            return result;
        }

        _from = buffers.ToArray();
        return _send.Begin(poller, completion);
    }

    internal bool TryCancelSend()
    {
        _from = [];
        return _send.TryCancel(poller);
    }

    internal IoResult<int> Finish()
    {
        if (_send.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        if (_sendError == SocketError.Success)
        {
            _sendError = SocketError.Shutdown;
            Dispatch(new Segment(0, Ends: true, SocketError.Success));
        }

        return new(0);
    }

    /// <summary>The end that sends is closed.</summary>
    /// <param name="abruptly">The receiver gets a reset in place of an end, and nothing that is still on its way.</param>
    internal void CloseSender(bool abruptly)
    {
        if (abruptly)
        {
            _count = _arrived;
            _onItsWay.Clear();
            Dispatch(new Segment(0, Ends: true, SocketError.ConnectionReset));
        }
        else if (_sendError == SocketError.Success)
        {
            Dispatch(new Segment(0, Ends: true, SocketError.Success));
        }

        _sendError = SocketError.OperationAborted;
        _from = [];
        _send.End(poller, new(SocketError.OperationAborted));
    }

    /// <summary>The end that receives is closed: what is sent from now on goes nowhere, and who sends hears of that.</summary>
    /// <param name="abruptly">Who sends hears of it before the next send.</param>
    internal void CloseReceiver(bool abruptly)
    {
        _isReceiverGone = true;
        _count = _arrived = 0;
        _onItsWay.Clear();
        _into = default;
        _receive.End(poller, new(SocketError.OperationAborted));
        PostLook();
        if (abruptly)
        {
            poller.AfterLatency(static pipe => pipe.FailSends(), this);
        }
    }

    /// <summary>The receiver's machine has failed and is there again: it answers what it does not know with a reset, once it hears of it.</summary>
    internal void ComeBack()
    {
        _isReceiverGone = true;
        if (_count > _arrived || _send.IsPending)
        {
            Break();
        }
    }

    /// <summary>The stream is reset, in both directions and for both ends.</summary>
    private void Break()
    {
        BreakThis();
        Opposite.BreakThis();
    }

    private void BreakThis()
    {
        _count = _arrived;
        _onItsWay.Clear();
        _receiveError = SocketError.ConnectionReset;
        FailSends();
        PostLook();
    }

    private IoResult<int> TryReceive(Memory<byte> buffer)
    {
        if (_receiveError != SocketError.Success)
        {
            return new(_receiveError);
        }

        if (_arrived == 0)
        {
            return _isAtEnd ? new(0) : IoResult<int>.Pending;
        }

        var count = Math.Min(buffer.Length, _arrived);
        count = way?.Shorten(count, isRead: true) ?? count;
        var there = _ring.Length - _first;
        _ring.AsSpan(_first, Math.Min(count, there)).CopyTo(buffer.Span);
        _ring.AsSpan(0, Math.Max(0, count - there)).CopyTo(buffer.Span[Math.Min(count, there)..]);
        _first = count == _count ? 0 : (_first + count) % _ring.Length;
        _count -= count;
        _arrived -= count;
        if (count > 0 && _send.IsPending)
        {
            PostLook();
        }

        return new(count);
    }

    private IoResult<int> TrySend(ReadOnlySpan<ReadOnlyMemory<byte>> buffers)
    {
        if (_sendError != SocketError.Success)
        {
            return new(_sendError);
        }

        var room = capacity - _count;
        if (way is not null)
        {
            if (room > 0 && way.IsReset)
            {
                Break();
                return new(SocketError.ConnectionReset);
            }

            var wanted = 0L;
            foreach (var buffer in buffers)
            {
                wanted += buffer.Length;
            }

            room = way.Shorten((int)Math.Min(room, wanted), isRead: false);
        }

        var taken = 0;
        foreach (var buffer in buffers)
        {
            var piece = Math.Min(buffer.Length, room - taken);
            Append(buffer.Span[..piece]);
            taken += piece;
        }

        if (taken == 0)
        {
            return IoResult<int>.Pending;
        }

        Dispatch(new Segment(taken, Ends: false, SocketError.Success));
        return new(taken);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_count + bytes.Length > _ring.Length)
        {
            var larger = new byte[Math.Min(capacity, Math.Max(_count + bytes.Length, 2 * _ring.Length))];
            for (var i = 0; i < _count; i++)
            {
                larger[i] = _ring[(_first + i) % _ring.Length];
            }

            (_ring, _first) = (larger, 0);
        }

        var at = _ring.Length == 0 ? 0 : (_first + _count) % _ring.Length;
        var atEnd = Math.Min(bytes.Length, _ring.Length - at);
        bytes[..atEnd].CopyTo(_ring.AsSpan(at));
        bytes[atEnd..].CopyTo(_ring);
        _count += bytes.Length;
    }

    /// <summary>Sends it on its way. Nothing overtakes what was sent before.</summary>
    private void Dispatch(Segment segment)
    {
        var latency = poller.Network.Latency + (way?.Delay(segment.Bytes) ?? TimeSpan.Zero);
        if (_onItsWay.Count == 0 && latency == TimeSpan.Zero && way is not { IsCut: true })
        {
            Arrive(segment);
            return;
        }

        var due = poller.Loop.Now + latency;
        _lastDue = due > _lastDue ? due : _lastDue;
        _onItsWay.Enqueue(segment with { Due = _lastDue });
        if (_onItsWay.Count == 1)
        {
            ScheduleArrival();
        }
    }

    private void ScheduleArrival()
    {
        if (_onItsWay.Count == 0)
        {
            return;
        }

        _arrival ??= new LoopTimer(poller.Loop, OnDue);
        var left = _onItsWay.Peek().Due - poller.Loop.Now;
        poller.Schedule(_arrival, left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    private void OnDue()
    {
        while (_onItsWay.TryPeek(out var segment))
        {
            if (way is { IsCut: true })
            {
                // What was sent is sent again until it gets through.
                way.WhenHealed(ScheduleArrival);
                return;
            }

            if (segment.Due > poller.Loop.Now)
            {
                ScheduleArrival();
                return;
            }

            Arrive(_onItsWay.Dequeue());
        }
    }

    private void Arrive(Segment segment)
    {
        if (_isReceiverGone)
        {
            // The answer to what was sent to nobody.
            FailSends();
            _count = 0;
            if (Opposite is { _sendError: SocketError.Success })
            {
                // Whose machine has failed meanwhile never said that it goes.
                Opposite.BreakThis();
            }
        }
        else if (segment.Error != SocketError.Success)
        {
            _receiveError = segment.Error;
        }
        else
        {
            _arrived += segment.Bytes;
            _isAtEnd |= segment.Ends;
        }

        PostLook();
    }

    private void FailSends()
    {
        if (_sendError == SocketError.Success)
        {
            _sendError = WhenReceiverIsGone;
        }
    }

    private void PostLook()
    {
        if (!_isLookPosted && (_receive.IsPending || _send.IsPending))
        {
            _isLookPosted = true;
            poller.Loop.Post(static pipe => pipe.Look(), this);
        }
    }

    /// <summary>Between steps: whether an operation that waits can end.</summary>
    private void Look()
    {
        _isLookPosted = false;
        if (_receive.IsPending && TryReceive(_into) is { IsPending: false } received)
        {
            _into = default;
            _receive.End(poller, received);
        }

        if (_send.IsPending)
        {
            var sent = _isReceiverGone ? new(WhenReceiverIsGone) : TrySend(_from);
            if (!sent.IsPending)
            {
                _from = [];
                _send.End(poller, sent);
            }
        }
    }

    /// <param name="Bytes">How many of the pipe's.</param>
    /// <param name="Ends">Whether nothing follows.</param>
    /// <param name="Error">A reset; success for bytes and for an end in good order.</param>
    private readonly record struct Segment(int Bytes, bool Ends, SocketError Error)
    {
        internal TimeSpan Due { get; init; }
    }
}
