using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>One end of a stream of a <see cref="MemoryNetwork"/>: two pipes, one each way.</summary>
internal sealed class MemoryConnection : StreamTransport
{
    private readonly MemoryPipe _in;
    private readonly MemoryPipe _out;
    private readonly SimulatedHost? _host;
    private bool _isClosed;

    private MemoryConnection(MemoryPipe incoming, MemoryPipe outgoing, EndPoint? local, EndPoint? remote, SimulatedHost? host)
    {
        (_in, _out, LocalEndPoint, RemoteEndPoint, _host) = (incoming, outgoing, local, remote, host);
        host?.Add(this);
    }

    public override EndPoint? LocalEndPoint { get; }

    public override EndPoint? RemoteEndPoint { get; }

    /// <param name="poller">Of the loop of both.</param>
    /// <param name="local">The first one's.</param>
    /// <param name="remote">The other one's.</param>
    /// <param name="room">What the first one's buffer for what comes in holds.</param>
    /// <param name="remoteRoom">The other's.</param>
    /// <param name="ways">From the first to the other and back, in a simulated network.</param>
    internal static (MemoryConnection Here, MemoryConnection There) CreatePair(
        MemoryPoller poller, EndPoint? local, EndPoint? remote, int room, int remoteRoom, (NetworkWay There, NetworkWay Back)? ways = null)
    {
        var (back, forth) = (new MemoryPipe(poller, room, ways?.Back), new MemoryPipe(poller, remoteRoom, ways?.There));
        (back.Opposite, forth.Opposite) = (forth, back);
        var hosts = poller.Network.Hosts;
        return (new(back, forth, local, remote, hosts?.At(local)), new(forth, back, remote, local, hosts?.At(remote)));
    }

    /// <summary>Its machine has failed: nothing is sent or heard here any more, and the other end is not told.</summary>
    internal void GoDark() => _isClosed = true;

    /// <summary>Its machine is there again, and knows nothing of this connection.</summary>
    internal void ComeBack() => _in.ComeBack();

    public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion)
        => _isClosed ? new(SocketError.OperationAborted) : _in.Receive(buffer, completion);

    public override bool TryCancelReceive() => _in.TryCancelReceive();

    public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion)
        => _isClosed ? new(SocketError.OperationAborted) : _out.Send(buffers, completion);

    public override bool TryCancelSend() => _out.TryCancelSend();

    public override IoResult<int> FinishSending(IIoCompletion<int> completion)
        => _isClosed ? new(SocketError.OperationAborted) : _out.Finish();

    public override void Abort() => Close(abruptly: true);

    public override void Dispose() => Close(abruptly: false);

    private void Close(bool abruptly)
    {
        if (_isClosed)
        {
            return;
        }

        // What nobody has read is a reset to who sent it, as in TCP: it must not believe that it was read.
        _isClosed = true;
        _host?.Remove(this);
        var isReset = abruptly || _in.HasUnread;
        _out.CloseSender(isReset);
        _in.CloseReceiver(isReset);
    }
}
