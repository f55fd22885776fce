using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Waits for a datagram.</summary>
internal sealed class DatagramReceiveWait : IoWait<ReceivedDatagram>
{
    private readonly DatagramTransport _transport;
    private readonly Memory<byte> _buffer;

    internal DatagramReceiveWait(DatagramTransport transport, Memory<byte> buffer)
    {
        _transport = transport;
        _buffer = buffer;
        Status = FrameStatus.Cold;
    }

    internal override string Describe() => $"a datagram at {IoFailures.Name(_transport.LocalEndPoint)}";

    protected override IoResult<ReceivedDatagram> Submit() => _transport.Receive(_buffer, this);

    protected override Exception CreateFailure(SocketError error)
        => IoFailures.Of("Receiving datagrams at", _transport.LocalEndPoint, error);

    protected override bool Abort() => _transport.TryCancelReceive();
}

/// <summary>Waits until a datagram has left.</summary>
internal sealed class DatagramSendWait : IoWait<int>
{
    private readonly DatagramTransport _transport;
    private readonly ReadOnlyMemory<byte> _datagram;
    private readonly EndPoint? _to;
    private readonly EndPoint? _named;

    /// <param name="transport">Where from.</param>
    /// <param name="datagram">What to send.</param>
    /// <param name="to">Null for the end point that the transport is connected to.</param>
    /// <param name="named">Either, for messages.</param>
    internal DatagramSendWait(DatagramTransport transport, ReadOnlyMemory<byte> datagram, EndPoint? to, EndPoint? named)
    {
        _transport = transport;
        _datagram = datagram;
        _to = to;
        _named = named;
        Status = FrameStatus.Cold;
    }

    internal override string Describe() => $"a datagram to {IoFailures.Name(_named)} to leave";

    protected override IoResult<int> Submit() => _transport.Send(_datagram, _to, this);

    protected override Exception CreateFailure(SocketError error) => IoFailures.Of("Sending a datagram to", _named, error);

    protected override bool Abort() => _transport.TryCancelSend();
}
