using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>One end of a pipe between a simulated process and its parent. It goes one way, and is no socket: who reads comes to its end however it is closed.</summary>
internal sealed class PipeEnd : StreamTransport
{
    private readonly MemoryPipe _pipe;
    private readonly bool _sends;
    private readonly SocketError _whenBroken;
    private readonly Func<bool>? _breaks;
    private bool _isBroken;
    private bool _isClosed;

    private PipeEnd(MemoryPipe pipe, bool sends, string name, SocketError whenBroken, Func<bool>? breaks)
        => (_pipe, _sends, RemoteEndPoint, _whenBroken, _breaks) = (pipe, sends, new Named(name), whenBroken, breaks);

    public override EndPoint? LocalEndPoint => null;

    public override EndPoint? RemoteEndPoint { get; }

    /// <param name="poller">Of the loop of both ends.</param>
    /// <param name="name">What it is, in words.</param>
    /// <param name="whenBroken">What the sender is told once the pipe is broken by a fault; success if what it sends goes nowhere.</param>
    /// <param name="breaks">Asked at each send: whether that fault strikes.</param>
    internal static (PipeEnd Receiver, PipeEnd Sender) CreatePair(MemoryPoller poller, string name, SocketError whenBroken, Func<bool> breaks)
    {
        // As large as those of Linux.
        var pipe = new MemoryPipe(poller, capacity: 65536) { WhenReceiverIsGone = SocketError.Shutdown };
        return (new(pipe, sends: false, name, whenBroken, null), new(pipe, sends: true, name, whenBroken, breaks));
    }

    public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion)
        => _sends ? new(SocketError.OperationNotSupported)
            : _isClosed ? new(SocketError.OperationAborted)
            : _pipe.Receive(buffer, completion);

    public override bool TryCancelReceive() => !_sends && _pipe.TryCancelReceive();

    public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion)
    {
        if (!_sends || _isClosed)
        {
            return new(_sends ? SocketError.OperationAborted : SocketError.OperationNotSupported);
        }

        if (!_isBroken && _breaks!())
        {
            _isBroken = true;
            _pipe.CloseSender(abruptly: false);
        }

        if (!_isBroken)
        {
            return _pipe.Send(buffers, completion);
        }

        var count = 0;
        foreach (var buffer in buffers)
        {
            count += buffer.Length;
        }

        return _whenBroken == SocketError.Success ? new(count) : new(_whenBroken);
    }

    public override bool TryCancelSend() => _sends && _pipe.TryCancelSend();

    public override IoResult<int> FinishSending(IIoCompletion<int> completion)
        => !_sends ? new(SocketError.OperationNotSupported)
            : _isClosed ? new(SocketError.OperationAborted)
            : _isBroken ? new(0)
            : _pipe.Finish();

    public override void Abort() => Dispose();

    public override void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        if (_sends)
        {
            _pipe.CloseSender(abruptly: false);
        }
        else
        {
            _pipe.CloseReceiver(abruptly: true);
        }
    }

    private sealed class Named(string name) : EndPoint
    {
        public override string ToString() => name;
    }
}

/// <summary>What a process has in place of a pipe: it is at its end, and swallows what is written.</summary>
internal sealed class NullStream : StreamTransport
{
    public override EndPoint? LocalEndPoint => null;

    public override EndPoint? RemoteEndPoint => null;

    public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion) => new(0);

    public override bool TryCancelReceive() => false;

    public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion)
    {
        var count = 0;
        foreach (var buffer in buffers)
        {
            count += buffer.Length;
        }

        return new(count);
    }

    public override bool TryCancelSend() => false;

    public override IoResult<int> FinishSending(IIoCompletion<int> completion) => new(0);

    public override void Abort()
    {
    }

    public override void Dispose()
    {
    }
}
