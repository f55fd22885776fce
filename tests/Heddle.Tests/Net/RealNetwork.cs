using System.Net;
using Heddle.LowLevel;

namespace Heddle.Tests.Net;

/// <summary>The real network, for a test to change one thing of.</summary>
internal abstract class RealNetwork(INetworkPoller real) : INetworkPoller
{
    protected INetworkPoller Real { get; } = real;

    public virtual int PendingOperations => Real.PendingOperations;

    public IDescriptorPoller? Descriptors => Real.Descriptors;

    public virtual IoResult<StreamTransport> Connect(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt)
        => Real.Connect(remote, options, completion, out attempt);

    public virtual ListenTransport Listen(EndPoint local, ListenSettings options) => Real.Listen(local, options);

    public DatagramTransport OpenDatagram(EndPoint local, SocketSettings options) => Real.OpenDatagram(local, options);

    // A poller waits for real; the virtual clock stands around it.
    public virtual void Wait(TimeSpan timeout) => Real.Wait(timeout);

    public void Wake() => Real.Wake();

    public void Dispose() => Real.Dispose();
}
