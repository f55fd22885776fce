using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A process's input, written by threads of the pool.</summary>
/// <remarks>
/// One piece is on its way at a time, from a buffer of its own; the next send waits for it. So a send that is taken back has sent
/// nothing, and what a process does not want is found out by the send after it.
/// </remarks>
internal sealed class PortableInput(EventLoop loop, Stream pipe, EndPoint name) : StreamTransport
{
    private const int MostAtATime = 64 * 1024;

    private ReadOnlyMemory<byte>[] _kept = [];
    private IIoCompletion<int>? _completion;
    private SocketError _failure;
    private bool _isWriting;
    private bool _finishes;
    private bool _isClosed;

    public override EndPoint? LocalEndPoint => null;

    public override EndPoint? RemoteEndPoint => name;

    public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion) => new(SocketError.OperationNotSupported);

    public override bool TryCancelReceive() => false;

    public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion)
    {
        if (_completion is not null)
        {
            return new(SocketError.AlreadyInProgress);
        }

        if (TrySend(buffers) is { IsPending: false } result)
        {
            return result;
        }

        _kept = buffers.ToArray();
        return Wait(completion);
    }

    public override bool TryCancelSend() => TakeCompletion() is not null;

    public override IoResult<int> FinishSending(IIoCompletion<int> completion)
    {
        if (_completion is not null)
        {
            return new(SocketError.AlreadyInProgress);
        }

        if (!_isWriting)
        {
            return Finish();
        }

        _finishes = true;
        return Wait(completion);
    }

    /// <summary>What is on its way does not arrive.</summary>
    public override void Abort()
    {
        Dispose();
        ClosePipe();
    }

    /// <summary>What is on its way arrives first.</summary>
    public override void Dispose()
    {
        _isClosed = true;
        if (!_isWriting)
        {
            ClosePipe();
        }

        TakeCompletion()?.Complete(new(SocketError.OperationAborted));
    }

    private IoResult<int> Wait(IIoCompletion<int> completion)
    {
        _completion = completion;
        loop.BeginForeignWait();
        return IoResult<int>.Pending;
    }

    private IoResult<int> TrySend(ReadOnlySpan<ReadOnlyMemory<byte>> buffers)
    {
        if (_isClosed)
        {
            return new(SocketError.OperationAborted);
        }

        if (_failure != SocketError.Success)
        {
            return new(_failure);
        }

        if (_isWriting)
        {
            return IoResult<int>.Pending;
        }

        var piece = Gather(buffers);
        _isWriting = true;
        _ = Task.Run(() => WriteAsync(piece));
        return new(piece.Length);
    }

    private static byte[] Gather(ReadOnlySpan<ReadOnlyMemory<byte>> buffers)
    {
        var piece = new MemoryStream();
        foreach (var buffer in buffers)
        {
            piece.Write(buffer.Span[..Math.Min(buffer.Length, MostAtATime - (int)piece.Length)]);
        }

        return piece.ToArray();
    }

    private async Task WriteAsync(byte[] piece)
    {
        var failure = SocketError.Success;
        try
        {
            await pipe.WriteAsync(piece).ConfigureAwait(false);
            await pipe.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            failure = SocketError.Shutdown;
        }

        loop.Submit(static written => written.Input.OnWritten(written.Failure), (Input: this, Failure: failure));
    }

    private void OnWritten(SocketError failure)
    {
        _isWriting = false;
        _failure = failure;
        if (_isClosed)
        {
            ClosePipe();
        }
        else if (_completion is not null)
        {
            IoResult<int> result;
            try
            {
                result = _finishes ? Finish() : TrySend(_kept);
            }
            catch (Exception thrown)
            {
                TakeCompletion()!.Fail(thrown);
                return;
            }

            TakeCompletion()!.Complete(result);
        }
    }

    private IoResult<int> Finish()
    {
        _isClosed = true;
        ClosePipe();
        return _failure == SocketError.Success ? new(0) : new(_failure);
    }

    private void ClosePipe()
    {
        try
        {
            pipe.Dispose();
        }
        catch (IOException)
        {
            // It flushes, to one who has closed.
        }
    }

    private IIoCompletion<int>? TakeCompletion()
    {
        var completion = _completion;
        if (completion is not null)
        {
            _completion = null;
            _finishes = false;
            _kept = [];
            loop.EndForeignWait();
        }

        return completion;
    }
}
