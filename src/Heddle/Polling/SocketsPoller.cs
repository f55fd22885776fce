using System.Net;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Waits for what other threads complete: the poller of every system that has no other.</summary>
internal sealed class SocketsPoller(EventLoop loop) : INetworkPoller
{
    private readonly AutoResetEvent _wake = new(false);

    public int PendingOperations { get; internal set; }

    public void Wait(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            _wake.WaitOne();
            return;
        }

        // Whole milliseconds, rounded up; the loop asks again if that was too short.
        _wake.WaitOne((int)Math.Min(Math.Ceiling(timeout.TotalMilliseconds), int.MaxValue));
    }

    public void Wake() => _wake.Set();

    public void Dispose() => _wake.Dispose();

    public IoResult<StreamTransport> Connect(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt)
        => throw NoSocketsYet();

    public ListenTransport Listen(EndPoint local, ListenSettings options) => throw NoSocketsYet();

    public DatagramTransport OpenDatagram(EndPoint local, SocketSettings options) => throw NoSocketsYet();

    private NotSupportedException NoSocketsYet()
        => new($"The portable poller of the loop '{loop.Name}' has no sockets yet. Run on Linux, with Pollers.Epoll.");
}
