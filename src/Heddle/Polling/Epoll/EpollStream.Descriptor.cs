using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <content>The calls of the system on its descriptor.</content>
internal sealed unsafe partial class EpollStream
{
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

        internal IoResult<int> Send(FileSend part)
        {
            if (IsClosed)
            {
                return new(SocketError.OperationAborted);
            }

            if (!IsWritable)
            {
                return IoResult<int>.Pending;
            }

            if (part.Call(Descriptor) is var count and >= 0)
            {
                return new((int)count);
            }

            return Failed(isReceive: false) is { IsPending: false } failed ? new(FileSend.ErrorOf(failed.Error)) : IoResult<int>.Pending;
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
