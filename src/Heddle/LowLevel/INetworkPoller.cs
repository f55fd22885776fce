using System.Net;

namespace Heddle.LowLevel;

/// <summary>A poller that does I/O: what a loop's sockets are made by. Implement it to simulate a network in tests.</summary>
/// <remarks>
/// Completion-shaped: an operation is submitted, and ends at once or is reported to its <see cref="IIoCompletion{T}"/> during a
/// later <see cref="IPoller.Wait"/>, on the loop's thread, while no task is current. All members are for the loop's thread.
/// </remarks>
public interface INetworkPoller : IPoller
{
    /// <summary>How many operations are under way. While there are none, the loop need not look for I/O between passes.</summary>
    int PendingOperations { get; }

    /// <summary>For other descriptors than its own sockets; null if it cannot wait for them. Default: null.</summary>
    IDescriptorPoller? Descriptors => null;

    /// <summary>
    /// Whether all that ends an operation is done by tasks and timers of its own loop, as in a network in memory. Default: false. Where it is true, virtual time
    /// does not wait for the network, and sees that a program waits for ever.
    /// </summary>
    bool IsSimulated => false;

    /// <summary>
    /// Code of .NET's HTTP handler has run on the loop's thread, and may have given work to the thread pool, which will come back to the loop at any moment. A
    /// simulation waits here until all of it has, or rests. Called only on a loop that has a <see cref="EventLoopOptions.ReadyQueue"/>. Default: does nothing.
    /// </summary>
    void AwaitHttp()
    {
    }

    /// <summary>Looks up a name, where the network has names of its own; null, the default, to ask the system.</summary>
    /// <param name="host">No address.</param>
    /// <returns>The addresses in the order in which to try them; empty if the name has none.</returns>
    Coroutine<IReadOnlyList<IPAddress>>? Resolve(string host) => null;

    /// <summary>Begins to connect a byte stream to the end point. The result is the connected transport.</summary>
    /// <param name="remote">An <see cref="IPEndPoint"/> or a Unix domain end point; names are resolved before.</param>
    /// <param name="options">What to set on the socket.</param>
    /// <param name="completion">Told the end, unless the result is there at once.</param>
    /// <param name="attempt">For giving it up; null if it ended at once.</param>
    IoResult<StreamTransport> Connect(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt);

    /// <summary>Listens for byte streams.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The end point is in use, not this machine's, or not allowed.</exception>
    ListenTransport Listen(EndPoint local, ListenSettings options);

    /// <summary>Takes over a socket that listens already, from whoever started the program; null, the default, where there are no sockets of the system's.</summary>
    /// <param name="descriptor">Closed with the transport, and also if this throws; the socket itself goes on to listen if others have it. It becomes non-blocking.</param>
    /// <param name="options">What concerns the connections that it takes in.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The system refuses it.</exception>
    ListenTransport? ListenOn(int descriptor, ListenSettings options) => null;

    /// <summary>Opens a socket for datagrams, bound to the local end point.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The end point is in use, not this machine's, or not allowed.</exception>
    DatagramTransport OpenDatagram(EndPoint local, SocketSettings options);
}

/// <summary>A connection that is being made.</summary>
public interface IConnectAttempt
{
    /// <summary>Gives it up and closes its socket; its completion is not called any more.</summary>
    void Cancel();
}
