using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>What a transport says that cannot be.</summary>
internal static class TransportMisuse
{
    /// <summary>A count that is believed would make a reader give out what nobody has sent, and a writer forget what it has to send.</summary>
    internal static void ThrowIfMoreThan(long room, int count, string done)
    {
        if ((uint)count > room)
        {
            throw new InvalidOperationException(
                $"A transport says that it has {done} {count} bytes of {room}, which cannot be. That is a defect of the transport.");
        }
    }
}

/// <summary>Waits to receive.</summary>
internal sealed class ReceiveWait : IoWait<int>
{
    private StreamTransport _transport = null!;
    private Memory<byte> _buffer;

    internal static ReceiveWait Rent(StreamTransport transport, Memory<byte> buffer)
    {
        var wait = FreeFrames.Of<ReceiveWait>().TryRent<ReceiveWait>() ?? new ReceiveWait();
        wait.Status = FrameStatus.Cold;
        wait._transport = transport;
        wait._buffer = buffer;
        return wait;
    }

    internal override string Describe() => $"bytes from {IoFailures.Name(_transport.RemoteEndPoint)}";

    protected override IoResult<int> Submit() => OnProgress(_transport.Receive(_buffer, this));

    protected override IoResult<int> OnProgress(IoResult<int> result)
    {
        TransportMisuse.ThrowIfMoreThan(_buffer.Length, result.Value, "received");
        return result;
    }

    protected override Exception CreateFailure(SocketError error) => IoFailures.Of("Receiving from", _transport.RemoteEndPoint, error);

    protected override bool Abort() => _transport.TryCancelReceive();

    protected override void ReturnToPool()
    {
        base.ReturnToPool();
        _transport = null!;
        _buffer = default;
        if (MayServeAgain)
        {
            FreeFrames.Of<ReceiveWait>().Return(this);
        }
    }
}

/// <summary>Waits until all has been sent.</summary>
internal sealed class SendWait : IoWait<int>
{
    private StreamTransport _transport = null!;
    private ReadOnlyMemory<byte> _left;
    private int _sent;

    internal static SendWait Rent(StreamTransport transport, ReadOnlyMemory<byte> buffer)
    {
        var wait = FreeFrames.Of<SendWait>().TryRent<SendWait>() ?? new SendWait();
        wait.Status = FrameStatus.Cold;
        wait._transport = transport;
        wait._left = buffer;
        return wait;
    }

    internal override string Describe() => $"{IoFailures.Name(_transport.RemoteEndPoint)} to take {_left.Length} bytes";

    protected override IoResult<int> Submit()
        => _left.IsEmpty ? new(_sent) : OnProgress(_transport.Send(new(in _left), this));

    protected override IoResult<int> OnProgress(IoResult<int> result)
    {
        while (result.IsSuccess)
        {
            TransportMisuse.ThrowIfMoreThan(_left.Length, result.Value, "sent");
            _sent += result.Value;
            _left = _left[result.Value..];
            if (_left.IsEmpty)
            {
                return new(_sent);
            }

            result = _transport.Send(new(in _left), this);
        }

        return result;
    }

    protected override Exception CreateFailure(SocketError error) => IoFailures.Of("Sending to", _transport.RemoteEndPoint, error);

    protected override bool Abort() => _transport.TryCancelSend();

    protected override void ReturnToPool()
    {
        base.ReturnToPool();
        _transport = null!;
        _left = default;
        _sent = 0;
        if (MayServeAgain)
        {
            FreeFrames.Of<SendWait>().Return(this);
        }
    }
}

/// <summary>Waits until sending is finished.</summary>
internal sealed class FinishWait : IoWait<int>
{
    private readonly StreamTransport _transport;

    internal FinishWait(StreamTransport transport)
    {
        _transport = transport;
        Status = FrameStatus.Cold;
    }

    internal override string Describe() => $"the end of sending to {IoFailures.Name(_transport.RemoteEndPoint)}";

    protected override IoResult<int> Submit() => _transport.FinishSending(this);

    protected override Exception CreateFailure(SocketError error)
        => IoFailures.Of("Finishing to send to", _transport.RemoteEndPoint, error);

    protected override bool Abort() => _transport.TryCancelSend();
}

/// <summary>Waits for somebody to connect.</summary>
internal sealed class AcceptWait : IoWait<StreamTransport>
{
    private readonly ListenTransport _listener;

    internal AcceptWait(ListenTransport listener)
    {
        _listener = listener;
        Status = FrameStatus.Cold;
    }

    internal override string Describe() => $"connections to {IoFailures.Name(_listener.LocalEndPoint)}";

    protected override IoResult<StreamTransport> Submit() => _listener.Accept(this);

    protected override Exception CreateFailure(SocketError error) => IoFailures.OfAccepting(_listener.LocalEndPoint, error);

    protected override bool Abort() => _listener.TryCancelAccept();
}

/// <summary>Waits to be connected.</summary>
internal sealed class ConnectWait : IoWait<StreamTransport>
{
    private readonly INetworkPoller _poller;
    private readonly EndPoint _remote;
    private readonly SocketSettings _settings;
    private IConnectAttempt? _attempt;

    internal ConnectWait(INetworkPoller poller, EndPoint remote, SocketSettings settings)
    {
        _poller = poller;
        _remote = remote;
        _settings = settings;
        Status = FrameStatus.Cold;
    }

    internal override string Describe() => $"the connection to {IoFailures.Name(_remote)}";

    protected override IoResult<StreamTransport> Submit() => _poller.Connect(_remote, _settings, this, out _attempt);

    protected override Exception CreateFailure(SocketError error) => IoFailures.Of("Connecting to", _remote, error);

    protected override bool Abort()
    {
        _attempt!.Cancel();
        return true;
    }
}
