using System.Net;
using System.Net.Sockets;

namespace Heddle.LowLevel;

/// <summary>Sends and receives datagrams, without buffers. Loop thread only; one receive and one send are under way at a time.</summary>
public abstract class DatagramTransport : IDisposable
{
    /// <summary>Where it is bound, with the port that it was given.</summary>
    public abstract EndPoint LocalEndPoint { get; }

    /// <summary>Fixes the other end: others' datagrams are not received, and a send needs no end point.</summary>
    /// <exception cref="SocketException">The system refuses it.</exception>
    public abstract void Connect(EndPoint remote);

    /// <summary>Receives a datagram whole; what is longer than the buffer is cut off, and the result says so.</summary>
    public abstract IoResult<ReceivedDatagram> Receive(Memory<byte> buffer, IIoCompletion<ReceivedDatagram> completion);

    /// <summary>Takes a receive back, so that its completion is not called and no datagram is lost; false if that is too late.</summary>
    public abstract bool TryCancelReceive();

    /// <summary>Sends a datagram whole.</summary>
    /// <param name="buffer">Valid until the end of the operation.</param>
    /// <param name="remote">Null for the end point it is connected to.</param>
    /// <param name="completion">Told the end, if it is not there at once.</param>
    public abstract IoResult<int> Send(ReadOnlyMemory<byte> buffer, EndPoint? remote, IIoCompletion<int> completion);

    /// <summary>Takes a send back, so that its completion is not called; false if that is too late.</summary>
    public abstract bool TryCancelSend();

    /// <summary>Sets an option: broadcast, or one of the multicast options whose value is a number.</summary>
    /// <exception cref="SocketException">The system refuses it, or does not know it.</exception>
    public abstract void SetOption(SocketOptionName name, int value);

    /// <summary>Joins a multicast group, or leaves it.</summary>
    /// <param name="group">Of the socket's address family.</param>
    /// <param name="interfaceIndex">Zero for the system's choice.</param>
    /// <param name="isMember">True to join.</param>
    /// <exception cref="SocketException">It is no multicast address, or the interface has none.</exception>
    public abstract void SetMembership(IPAddress group, int interfaceIndex, bool isMember);

    /// <summary>Closes it. What is under way ends with <see cref="SocketError.OperationAborted"/>.</summary>
    public abstract void Dispose();
}

/// <summary>What was received of a datagram, and from whom.</summary>
/// <param name="Count">How many bytes stand in the buffer.</param>
/// <param name="RemoteEndPoint">Who sent it.</param>
public readonly record struct ReceivedDatagram(int Count, EndPoint RemoteEndPoint)
{
    /// <summary>How many bytes were sent: more than <see cref="Count"/> if the buffer was too short for all. Where the system does not say how many, one more than came.</summary>
    public int Length
    {
        get => Math.Max(field, Count);
        init;
    }

    /// <summary>Whether the buffer was too short, so that the rest is lost.</summary>
    public bool IsCut => Length > Count;
}
