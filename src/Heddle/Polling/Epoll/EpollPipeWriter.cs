using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The end of a pipe that is written.</summary>
internal sealed class EpollPipeWriter : EpollPipe
{
    private readonly WriteDescriptor _pipe;
    private ReadOnlyMemory<byte>[] _buffers = [];
    private int _count;

    internal EpollPipeWriter(EpollPoller poller, int descriptor, EndPoint? name)
        : base(poller, name) => _pipe = new WriteDescriptor(this, poller, descriptor);

    public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion)
    {
        if (Pending.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        var result = _pipe.Send(buffers);
        if (!result.IsPending)
        {
            return result;
        }

        if (_buffers.Length < buffers.Length)
        {
            _buffers = new ReadOnlyMemory<byte>[buffers.Length];
        }

        buffers.CopyTo(_buffers);
        _count = buffers.Length;
        return Pending.Begin(Poller, completion);
    }

    public override bool TryCancelSend()
    {
        ForgetBuffers();
        return Pending.TryCancel(Poller);
    }

    /// <summary>The reader comes to the end when the last writer has closed the pipe.</summary>
    public override IoResult<int> FinishSending(IIoCompletion<int> completion)
    {
        if (Pending.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        _pipe.Close();
        return new(0);
    }

    public override void Dispose() => _pipe.Close();

    private void OnWritable()
    {
        if (Pending.IsPending && _pipe.Send(_buffers.AsSpan(0, _count)) is { IsPending: false } result)
        {
            ForgetBuffers();
            Pending.End(Poller, result);
        }
    }

    private void OnThrown(Exception failure)
    {
        ForgetBuffers();
        Pending.Fail(Poller, failure);
    }

    private void OnClosed()
    {
        ForgetBuffers();
        Pending.Abort(Poller);
    }

    private void ForgetBuffers()
    {
        _buffers.AsSpan(0, _count).Clear();
        _count = 0;
    }

    private sealed class WriteDescriptor(EpollPipeWriter owner, EpollPoller poller, int descriptor)
        : EpollDescriptor(poller, descriptor, isWritable: true)
    {
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

            buffers = buffers[..Math.Min(buffers.Length, VectoredSend.MostBuffers)];
            var count = VectoredSend.CallForPipe(Descriptor, buffers);
            if (count >= 0)
            {
                IsWritable = count == LengthOf(buffers);
                return new((int)count);
            }

            var error = LastError();
            if (error != SocketError.WouldBlock)
            {
                return new(error);
            }

            IsWritable = false;
            return IoResult<int>.Pending;
        }

        /// <summary>The other end has closed: a send says so.</summary>
        protected override void OnReadable()
        {
        }

        protected override void OnWritable() => owner.OnWritable();

        protected override void FailReceive(Exception failure) => Poller.Report(failure);

        protected override void FailSend(Exception failure) => owner.OnThrown(failure);

        protected override void OnClosed() => owner.OnClosed();

        private static long LengthOf(ReadOnlySpan<ReadOnlyMemory<byte>> buffers)
        {
            var length = 0L;
            foreach (var buffer in buffers)
            {
                length += buffer.Length;
            }

            return length;
        }
    }
}
