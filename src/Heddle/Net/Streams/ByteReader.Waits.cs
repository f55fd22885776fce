using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Waiting for more.</content>
public sealed partial class ByteReader
{
    /// <summary>A read into the caller's buffer, which costs no copy while nothing is buffered; or one into the reader's.</summary>
    private sealed class ReadWait : IoWait<int>
    {
        private ByteReader _reader = null!;
        private Memory<byte> _target;
        private bool _fills;
        private int _room;

        /// <summary>With no buffer yet, it first waits until one is needed.</summary>
        private bool _onlyAsksWhether;

        internal static ReadWait Rent(ByteReader reader, Memory<byte> target)
        {
            var wait = FreeFrames.Of<ReadWait>().TryRent<ReadWait>() ?? new ReadWait();
            wait.Status = FrameStatus.Cold;
            wait._reader = reader;
            wait._target = target;
            wait._fills = false;
            wait._onlyAsksWhether = false;
            return wait;
        }

        internal static ReadWait RentToFill(ByteReader reader)
        {
            var wait = Rent(reader, default);
            wait._fills = true;
            return wait;
        }

        internal override string Describe() => $"bytes from {IoFailures.Name(_reader.RemoteEndPoint)}";

        protected override IoResult<int> Submit()
        {
            if (!ReferenceEquals(WaitingTask.Loop, _reader._loop))
            {
                return new(SocketError.NotSocket);
            }

            if (_reader._waiting is not null)
            {
                return new(SocketError.AlreadyInProgress);
            }

            if (!_fills && _reader.Buffered > 0)
            {
                return new(_reader.TryRead(_target.Span));
            }

            if (_reader._failure != SocketError.Success)
            {
                return new(_reader._failure);
            }

            if (_reader._hasEnded)
            {
                return new(0);
            }

            var result = Continue(Receive());
            if (result.IsPending)
            {
                _reader._waiting = this;
            }

            return result;
        }

        protected override IoResult<int> OnProgress(IoResult<int> result) => Continue(result);

        private IoResult<int> Receive()
        {
            if (!_fills)
            {
                return _reader._transport.Receive(_target, this);
            }

            _onlyAsksWhether = _reader._buffer.Length == 0 && !_reader._mayHaveMore;
            return _onlyAsksWhether ? _reader._transport.Receive(default, this) : ReceiveIntoBuffer();
        }

        /// <summary>With nothing in it, the buffer is given back if this has to wait.</summary>
        private IoResult<int> ReceiveIntoBuffer()
        {
            var room = _reader.MakeRoom();
            _room = room.Length;
            var result = _reader._transport.Receive(room, this);
            if (!result.IsPending || _reader.Buffered > 0 || !_reader._transport.TryCancelReceive())
            {
                return result;
            }

            _reader._mayHaveMore = false;
            _reader.Release();
            _onlyAsksWhether = true;
            return _reader._transport.Receive(default, this);
        }

        private IoResult<int> Continue(IoResult<int> result)
        {
            while (result.IsSuccess && _onlyAsksWhether)
            {
                _onlyAsksWhether = false;
                result = ReceiveIntoBuffer();
            }

            if (result.IsSuccess)
            {
                OnReceived(result.Value);
            }
            else if (!result.IsPending && result.Error != SocketError.AlreadyInProgress)
            {
                // The system says it once, and calls it an end from then on.
                _reader._failure = result.Error;
            }

            return result;
        }

        private void OnReceived(int count)
        {
            TransportMisuse.ThrowIfMoreThan(_fills ? _room : _target.Length, count, "received");
            if (_fills)
            {
                _reader._end += count;
                _reader._hasEnded = count == 0;
                _reader._mayHaveMore = count == _room;
                _reader.Consume(0);
            }
            else
            {
                _reader._hasEnded = count == 0 && !_target.IsEmpty;
            }
        }

        protected override Exception CreateFailure(SocketError error) => error == SocketError.NotSocket
            ? StreamMisuse.OtherLoop("ByteReader", _reader._loop, WaitingTask.Loop)
            : IoFailures.Of("Receiving from", _reader.RemoteEndPoint, error);

        protected override bool Abort()
        {
            var isTakenBack = _reader._transport.TryCancelReceive();
            if (isTakenBack)
            {
                _reader._waiting = null;
                _reader.Consume(0);
            }

            return isTakenBack;
        }

        protected override void ReturnToPool()
        {
            base.ReturnToPool();
            if (ReferenceEquals(_reader._waiting, this))
            {
                _reader._waiting = null;
            }

            _reader = null!;
            _target = default;
            if (MayServeAgain)
            {
                FreeFrames.Of<ReadWait>().Return(this);
            }
        }
    }
}
