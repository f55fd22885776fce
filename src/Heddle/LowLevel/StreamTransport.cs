using System.Net;
using System.Net.Sockets;

namespace Heddle.LowLevel;

/// <summary>One end of a byte stream, without buffers: what a connection's reader and writer are made of.</summary>
/// <remarks>
/// At most one receive and one send are under way at a time, and they may be under way at once. All members are for the
/// loop's thread. The awaiting twins of the operations are in <see cref="TransportIo"/>.
/// </remarks>
public abstract class StreamTransport : IDisposable
{
    /// <summary>This end; null where it has no name.</summary>
    public abstract EndPoint? LocalEndPoint { get; }

    /// <summary>The other end; null where it has no name.</summary>
    public abstract EndPoint? RemoteEndPoint { get; }

    /// <summary>Receives some bytes. The result is their number: zero when the other end has finished sending.</summary>
    /// <param name="buffer">
    /// If it is empty, nothing is received: the operation ends, with zero, when something could be. Else it must stay valid
    /// until the end of the operation.
    /// </param>
    /// <param name="completion">Told the end, if it is not there at once.</param>
    public abstract IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion);

    /// <summary>Takes a receive back, so that its completion is not called and no byte is lost; false if that is too late or impossible.</summary>
    public abstract bool TryCancelReceive();

    /// <summary>Sends some bytes, at least one. The result is how many were taken.</summary>
    /// <param name="buffers">Sent as if they were one. The memory, not the span, must stay valid until the end of the operation.</param>
    /// <param name="completion">Told the end, if it is not there at once.</param>
    public abstract IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion);

    /// <summary>Takes a send back, so that its completion is not called; false if that is too late or impossible.</summary>
    public abstract bool TryCancelSend();

    /// <summary>Finishes sending: the other end reads to its end, and may still send. The result has no meaning.</summary>
    public abstract IoResult<int> FinishSending(IIoCompletion<int> completion);

    /// <summary>Closes it at once. The other end gets an error rather than an end, where the kind of stream has that (a reset in TCP).</summary>
    public abstract void Abort();

    /// <summary>Closes it. What is under way ends with <see cref="SocketError.OperationAborted"/>.</summary>
    public abstract void Dispose();

    /// <summary>Whether small sends are sent at once, without waiting for the answer to earlier ones (TCP_NODELAY). Where that has no meaning it does nothing.</summary>
    public virtual bool NoDelay { get; set; }

    /// <summary>Whether it holds one of the descriptors that servers leave to the program. Asked of one that was just accepted.</summary>
    internal virtual bool HasSpareDescriptor => false;

    /// <summary>The next receive asks the system, whatever the poller has said before.</summary>
    internal virtual void LookAnew()
    {
    }
}
