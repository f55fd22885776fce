using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Sending what was written, and waiting for it.</content>
public sealed partial class ByteWriter
{
    private readonly Sender _sender;
    private WaiterList<Nothing> _drainers;
    private WaiterList<Nothing> _flushers;
    private bool _isSuspended;

    /// <summary>Waits while more than <see cref="HighMark"/> bytes wait to be sent, until no more than <see cref="LowMark"/> do.</summary>
    /// <remarks>Several tasks may wait; they go on in the order of their coming. A cancelled wait takes no byte back.</remarks>
    /// <exception cref="ConnectionException">The connection broke; what was written and not sent is lost.</exception>
    public Coroutine DrainAsync() => new(SentWait.Rent(this, isFlush: false));

    /// <summary>Waits until all that was written has been given to the system.</summary>
    /// <inheritdoc cref="DrainAsync" path="/exception"/>
    public Coroutine FlushAsync() => new(SentWait.Rent(this, isFlush: true));

    /// <summary>Sends what was written, then finishes sending: the other end reads to its end, and may still send.</summary>
    /// <remarks>A second time does nothing. If it is cancelled while it waits, sending goes on and is not finished.</remarks>
    /// <inheritdoc cref="DrainAsync" path="/exception"/>
    public async Coroutine FinishAsync()
    {
        if (_isFinished)
        {
            return;
        }

        ThrowIfSuspended();

        // What another task writes meanwhile has its turn, too.
        do
        {
            await FlushAsync();
        }
        while (Pending > 0);

        if (_isFinished)
        {
            return;
        }

        ThrowIfSuspended();
        _isFinished = true;
        try
        {
            await _transport.FinishSendingAsync();
        }
        catch (OperationCanceledException)
        {
            _isFinished = false;
            throw;
        }
    }

    /// <summary>Drops what was not sent; who waits for it gets the failure.</summary>
    internal void Close(SocketError reason)
    {
        if (!IsBroken)
        {
            Fail(reason);
        }
    }

    /// <summary>Until it is disposed of, what is written waits. All was sent before.</summary>
    /// <exception cref="InvalidOperationException">Somebody else has suspended it.</exception>
    internal Pause Suspend()
    {
        ThrowIfSuspended();
        _isSuspended = true;
        _isSending = true;
        return new(this);
    }

    internal void ThrowIfSuspended()
    {
        if (_isSuspended)
        {
            throw StreamMisuse.Suspended(IoFailures.Name(RemoteEndPoint));
        }
    }

    internal void GoOver(StreamTransport transport) => _transport = transport;

    private void SendAtPassEnd()
    {
        if (!_isSending && !_isAtPassEnd && _queue.Length > 0)
        {
            _isAtPassEnd = true;
            _loop.AtEndOfPass(_sender);
        }
    }

    private void Send()
    {
        _isAtPassEnd = false;
        while (!_isSending && _queue.Length > 0)
        {
            try
            {
                var result = _transport.Send(_queue.Peek(), _sender);
                if (result.IsPending)
                {
                    _isSending = true;
                }
                else if (!OnSent(result))
                {
                    return;
                }
            }
            catch (Exception failure)
            {
                OnThrown(failure);
                return;
            }
        }
    }

    /// <summary>False if it failed.</summary>
    private bool OnSent(IoResult<int> result)
    {
        if (!result.IsSuccess)
        {
            Fail(result.Error);
            return false;
        }

        TransportMisuse.ThrowIfMoreThan(_queue.Length, result.Value, "sent");
        _queue.Remove(result.Value);
        if (_queue.Length <= LowMark)
        {
            WakeAll(ref _drainers);
        }

        if (_queue.Length == 0)
        {
            WakeAll(ref _flushers);
        }

        return true;
    }

    private void Fail(SocketError reason)
    {
        _failure = reason;
        _queue.Clear();
        WakeAll(ref _drainers);
        WakeAll(ref _flushers);
    }

    /// <summary>Nobody awaits the sending itself: who drains, flushes or writes next is told.</summary>
    private void OnThrown(Exception failure)
    {
        _thrown = failure;
        Fail(SocketError.Fault);
    }

    private static void WakeAll(ref WaiterList<Nothing> waiters)
    {
        while (waiters.TakeFirst() is { } waiter)
        {
            ((SentWait)waiter).OnSent();
        }
    }

    /// <summary>Sends at the end of a pass, and goes on when the system takes more.</summary>
    private sealed class Sender(ByteWriter writer) : ILoopItem, IIoCompletion<int>, IFailingCompletion
    {
        public void Run() => writer.Send();

        /// <summary>Who writes and waits are tasks of the loop.</summary>
        public void Drop()
        {
        }

        public void Complete(IoResult<int> result)
        {
            writer._isSending = false;
            try
            {
                if (!writer.OnSent(result))
                {
                    return;
                }
            }
            catch (Exception failure)
            {
                writer.OnThrown(failure);
                return;
            }

            writer.Send();
        }

        public void Fail(Exception failure)
        {
            writer._isSending = false;
            writer.OnThrown(failure);
        }
    }

    internal readonly struct Pause(ByteWriter writer) : IDisposable
    {
        public void Dispose()
        {
            writer._isSuspended = false;
            writer._isSending = false;
            writer.SendAtPassEnd();
        }
    }

    private sealed class SentWait : Waiter<Nothing>
    {
        private ByteWriter _writer = null!;
        private bool _isFlush;

        internal static SentWait Rent(ByteWriter writer, bool isFlush)
        {
            var wait = FreeFrames.Of<SentWait>().TryRent<SentWait>() ?? new SentWait();
            wait.Status = FrameStatus.Cold;
            wait._writer = writer;
            wait._isFlush = isFlush;
            return wait;
        }

        internal override string Describe() => $"{IoFailures.Name(_writer.RemoteEndPoint)} to take {_writer.Pending} bytes";

        internal void OnSent()
        {
            if (_writer.IsBroken)
            {
                ResumeFailed();
            }
            else
            {
                Resume();
            }
        }

        protected override bool Begin()
        {
            if (_writer.IsBroken || !ReferenceEquals(WaitingTask.Loop, _writer._loop))
            {
                FailAtOnce();
                return true;
            }

            if (_writer.Pending <= (_isFlush ? 0 : _writer.HighMark))
            {
                return true;
            }

            Waiters.Add(this);
            return false;
        }

        protected override Failure OwnFailure => ReferenceEquals(WaitingTask.Loop, _writer._loop)
            ? _writer.CreateFailure()
            : StreamMisuse.OtherLoop("ByteWriter", _writer._loop, WaitingTask.Loop);

        protected override bool Abort()
        {
            Waiters.Remove(this);
            return true;
        }

        protected override void ReturnToPool()
        {
            _writer = null!;
            FreeFrames.Of<SentWait>().Return(this);
        }

        private ref WaiterList<Nothing> Waiters => ref _isFlush ? ref _writer._flushers : ref _writer._drainers;
    }
}
