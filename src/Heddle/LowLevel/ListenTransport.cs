using System.Net;
using System.Net.Sockets;

namespace Heddle.LowLevel;

/// <summary>Takes in byte streams that others open. Loop thread only.</summary>
public abstract class ListenTransport : IDisposable
{
    /// <summary>Where it listens, with the port that it was given.</summary>
    public abstract EndPoint LocalEndPoint { get; }

    /// <summary>Takes in the next one. One accept is under way at a time.</summary>
    public abstract IoResult<StreamTransport> Accept(IIoCompletion<StreamTransport> completion);

    /// <summary>Takes an accept back, so that its completion is not called and no connection is lost; false if that is too late.</summary>
    public abstract bool TryCancelAccept();

    /// <summary>Stops listening. What is under way ends with <see cref="SocketError.OperationAborted"/>.</summary>
    public abstract void Dispose();
}
