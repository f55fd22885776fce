using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>What pumps bring from threads of the pool, to be received on the loop's.</summary>
/// <remarks>A receive that is taken back touches nothing: what comes waits here.</remarks>
internal sealed class PortableOutput(EventLoop loop, EndPoint name) : StreamTransport, IOutputTarget
{
    /// <summary>So much waits here before the pump, and by it the process, has to wait.</summary>
    private const int HighMark = 64 * 1024;

    /// <summary>The most that a pipe of Linux can hold, unless a privileged process has made it larger.</summary>
    private const int LargestPipe = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _pieces = new();
    private int _offset;
    private int _length;
    private int _mark = HighMark;
    private bool _hasEnded;
    private bool _isClosed;
    private TaskCompletionSource? _room;
    private Memory<byte> _buffer;
    private IIoCompletion<int>? _completion;

    public override EndPoint? LocalEndPoint => null;

    public override EndPoint? RemoteEndPoint => name;

    /// <summary>Closes the pumps' pipes. Set before the first use.</summary>
    internal Action OnClosed { get; set; } = static () => { };

    public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion)
    {
        if (_completion is not null)
        {
            return new(SocketError.AlreadyInProgress);
        }

        var result = TryTake(buffer.Span);
        if (result.IsPending)
        {
            _buffer = buffer;
            _completion = completion;
            loop.BeginForeignWait();
        }

        return result;
    }

    public override bool TryCancelReceive() => TakeCompletion() is not null;

    public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion)
        => new(SocketError.OperationNotSupported);

    public override bool TryCancelSend() => false;

    public override IoResult<int> FinishSending(IIoCompletion<int> completion) => new(SocketError.OperationNotSupported);

    public override void Abort() => Dispose();

    public override void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _pieces.Clear();
            _room?.TrySetResult();
        }

        OnClosed();
        TakeCompletion()?.Complete(new(SocketError.OperationAborted));
    }

    public ValueTask AddAsync(ReadOnlyMemory<byte> piece)
    {
        Task? room = null;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _pieces.Enqueue(piece.ToArray());
            _length += piece.Length;
            if (_length > _mark)
            {
                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }
        }

        loop.Submit(static output => output.OnArrival(), this);
        return room is null ? default : new(room);
    }

    /// <summary>No piece follows. Any thread.</summary>
    internal void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
        }

        loop.Submit(static output => output.OnArrival(), this);
    }

    /// <summary>The process has ended: what is in the pipe is all there will be of it, and is taken in without a wait. Any thread.</summary>
    internal void TakeRest()
    {
        lock (_lock)
        {
            _mark = _length + LargestPipe;
            _room?.TrySetResult();
            _room = null;
        }
    }

    /// <summary>What comes now is of others that hold the pipe, and they have to wait as the process had. Any thread.</summary>
    internal void HasRest()
    {
        lock (_lock)
        {
            _mark = HighMark;
        }
    }

    private void OnArrival()
    {
        if (_completion is null)
        {
            return;
        }

        IoResult<int> result;
        try
        {
            result = TryTake(_buffer.Span);
        }
        catch (Exception thrown)
        {
            TakeCompletion()!.Fail(thrown);
            return;
        }

        if (!result.IsPending)
        {
            TakeCompletion()!.Complete(result);
        }
    }

    private IoResult<int> TryTake(Span<byte> buffer)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return new(SocketError.OperationAborted);
            }

            if (_pieces.Count == 0)
            {
                return _hasEnded ? new(0) : IoResult<int>.Pending;
            }

            var taken = 0;
            while (taken < buffer.Length && _pieces.TryPeek(out var piece))
            {
                var count = Math.Min(piece.Length - _offset, buffer.Length - taken);
                piece.AsSpan(_offset, count).CopyTo(buffer[taken..]);
                taken += count;
                _offset += count;
                if (_offset == piece.Length)
                {
                    _pieces.Dequeue();
                    _offset = 0;
                }
            }

            _length -= taken;
            if (_length <= HighMark / 2)
            {
                _room?.TrySetResult();
                _room = null;
            }

            return new(taken);
        }
    }

    private IIoCompletion<int>? TakeCompletion()
    {
        var completion = _completion;
        if (completion is not null)
        {
            _completion = null;
            _buffer = default;
            loop.EndForeignWait();
        }

        return completion;
    }
}
