using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The end of a pipe that is read.</summary>
internal sealed unsafe class EpollPipeReader : EpollPipe
{
    private readonly ReadDescriptor _pipe;
    private Memory<byte> _buffer;

    internal EpollPipeReader(EpollPoller poller, int descriptor, EndPoint? name)
        : base(poller, name) => _pipe = new ReadDescriptor(this, poller, descriptor);

    public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion)
    {
        if (Pending.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        var result = _pipe.Receive(buffer.Span);
        if (!result.IsPending)
        {
            return result;
        }

        _buffer = buffer;
        return Pending.Begin(Poller, completion);
    }

    public override bool TryCancelReceive()
    {
        _buffer = default;
        return Pending.TryCancel(Poller);
    }

    public override void Dispose() => _pipe.Close();

    internal override void LookAnew() => _pipe.LookAnew();

    private void OnReadable()
    {
        if (Pending.IsPending && _pipe.Receive(_buffer.Span) is { IsPending: false } result)
        {
            _buffer = default;
            Pending.End(Poller, result);
        }
    }

    private void OnThrown(Exception failure)
    {
        _buffer = default;
        Pending.Fail(Poller, failure);
    }

    private void OnClosed()
    {
        _buffer = default;
        Pending.Abort(Poller);
    }

    private sealed class ReadDescriptor(EpollPipeReader owner, EpollPoller poller, int descriptor)
        : EpollDescriptor(poller, descriptor, isWritable: false)
    {
        internal void LookAnew() => IsReadable = true;

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

            return buffer.IsEmpty ? Look() : Read(buffer);
        }

        protected override void OnReadable() => owner.OnReadable();

        protected override void FailReceive(Exception failure) => owner.OnThrown(failure);

        protected override void OnClosed() => owner.OnClosed();

        private IoResult<int> Read(Span<byte> buffer)
        {
            nint count;
            fixed (byte* start = buffer)
            {
                do
                {
                    count = Libc.read(Descriptor, start, buffer.Length);
                }
                while (count < 0 && Errno.Last == Errno.EINTR);
            }

            if (count >= 0)
            {
                // Less than asked for need not have emptied it: it may be cut in packets by who writes (O_DIRECT), or be a terminal's lines.
                return new((int)count);
            }

            var error = LastError();
            if (error != SocketError.WouldBlock)
            {
                return new(error);
            }

            IsReadable = false;
            return IoResult<int>.Pending;
        }

        /// <summary>Whether a read would get something, or the end.</summary>
        private IoResult<int> Look()
        {
            var question = new Libc.PollQuestion { Descriptor = Descriptor, Events = Libc.POLLIN };
            IsReadable = Libc.poll(&question, 1, 0) != 0;
            return IsReadable ? new(0) : IoResult<int>.Pending;
        }
    }
}
