using System.IO.Pipes;
using System.Net;

namespace Heddle.LowLevel;

/// <summary>A poller that waits for descriptors which others have opened: pipes, and whatever else Linux's epoll takes.</summary>
public interface IDescriptorPoller
{
    /// <summary>Takes in one end of a pipe, in non-blocking mode.</summary>
    /// <param name="descriptor">Closed with the transport, and also if this throws.</param>
    /// <param name="direction">In for the end that is read.</param>
    /// <param name="name">What errors call the other end.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The system refuses it.</exception>
    StreamTransport OpenPipe(int descriptor, PipeDirection direction, EndPoint? name);

    /// <summary>Tells the completion once, when something can be read from the descriptor: of a process's, when that has ended.</summary>
    /// <param name="descriptor">Closed when the watch is disposed of, and also if this throws.</param>
    /// <param name="completion">Not told any more once the watch is disposed of. The value has no meaning.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The system refuses it.</exception>
    IDisposable Watch(int descriptor, IIoCompletion<int> completion);
}
