using Heddle.LowLevel;

namespace Heddle;

/// <summary>
/// The sockets of .NET, whose operations end on its own threads: the poller of every system that has no other.
/// All of it but the ends of operations is on the loop's thread; those come over through the loop's inbox.
/// </summary>
internal sealed partial class SocketsPoller(EventLoop loop) : CountingPoller(loop), INetworkPoller
{
    private readonly AutoResetEvent _wake = new(false);
    private readonly Lock _wakeLock = new();
    private readonly HashSet<IDisposable> _open = [];
    private bool _isDisposed;

    public void Wait(TimeSpan timeout)
    {
        if (timeout == TimeSpan.Zero)
        {
            // What has ended is in the loop's inbox, where the loop looks in each pass.
            return;
        }

        if (timeout == Timeout.InfiniteTimeSpan)
        {
            _wake.WaitOne();
            return;
        }

        // Whole milliseconds, rounded up; the loop asks again if that was too short.
        _wake.WaitOne((int)Math.Min(Math.Ceiling(timeout.TotalMilliseconds), int.MaxValue));
    }

    public void Wake()
    {
        // Another thread may get here when the loop has just ended.
        lock (_wakeLock)
        {
            if (!_isDisposed)
            {
                _wake.Set();
            }
        }
    }

    public void Dispose()
    {
        foreach (var socket in _open.ToArray())
        {
            socket.Dispose();
        }

        lock (_wakeLock)
        {
            _isDisposed = true;
            _wake.Dispose();
        }
    }

    /// <summary>Has it closed with the poller.</summary>
    internal void Track(IDisposable socket) => _open.Add(socket);

    internal void Forget(IDisposable socket) => _open.Remove(socket);
}
