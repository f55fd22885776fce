using System.Net;

namespace Heddle.LowLevel;

/// <summary>The operations of transports, to be awaited.</summary>
/// <remarks>
/// What is cancelled while it waits is taken back: nothing that arrives is lost, and the transport stays usable. What of a
/// send had left before stays sent, so that a stream is good for nothing after a cancelled send but to be closed.
/// All fail with a <see cref="ConnectionException"/>, or with an <see cref="InvalidOperationException"/> if another task does the same.
/// </remarks>
public static class TransportIo
{
    /// <summary>Receives some bytes; returns how many, zero when the other end has finished sending.</summary>
    /// <param name="transport">Where from.</param>
    /// <param name="buffer">If it is empty, waits until something can be received, and receives nothing.</param>
    public static Coroutine<int> ReceiveAsync(this StreamTransport transport, Memory<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return new(ReceiveWait.Rent(transport, buffer));
    }

    /// <summary>Sends all of it.</summary>
    public static Coroutine<int> SendAsync(this StreamTransport transport, ReadOnlyMemory<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return new(SendWait.Rent(transport, buffer));
    }

    /// <summary>Finishes sending: the other end reads to its end, and may still send.</summary>
    public static Coroutine FinishSendingAsync(this StreamTransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return new Coroutine<int>(new FinishWait(transport));
    }

    /// <summary>Takes in the next connection.</summary>
    public static Coroutine<StreamTransport> AcceptAsync(this ListenTransport listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return new(new AcceptWait(listener));
    }

    /// <summary>Connects to the end point, which is an address and no name.</summary>
    public static Coroutine<StreamTransport> ConnectAsync(this INetworkPoller poller, EndPoint remote, SocketSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(poller);
        ArgumentNullException.ThrowIfNull(remote);
        return new(new ConnectWait(poller, remote, settings ?? new SocketSettings()));
    }
}
