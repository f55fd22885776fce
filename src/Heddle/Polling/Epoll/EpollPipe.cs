using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>This program's end of a pipe, which goes one way.</summary>
internal abstract class EpollPipe(EpollPoller poller, EndPoint? name) : StreamTransport
{
    /// <summary>The one operation that its direction has.</summary>
    protected PendingOperation<int> Pending;

    public sealed override EndPoint? LocalEndPoint => null;

    public sealed override EndPoint? RemoteEndPoint => name;

    protected EpollPoller Poller => poller;

    public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion) => WrongWay;

    public override bool TryCancelReceive() => false;

    public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion) => WrongWay;

    public override bool TryCancelSend() => false;

    public override IoResult<int> FinishSending(IIoCompletion<int> completion) => WrongWay;

    /// <summary>A pipe knows no reset.</summary>
    public sealed override void Abort() => Dispose();

    private static IoResult<int> WrongWay => new(SocketError.OperationNotSupported);
}
