using System.Diagnostics;
using System.Net;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>Where a real loop would wait, moves the clock. Its sockets are real ones, whose I/O takes real time.</summary>
internal sealed class VirtualPoller(EventLoop loop, VirtualClock clock, VirtualTimeOptions options) : INetworkPoller
{
    /// <summary>So often, at most, the grace is given anew because the thread pool is behind.</summary>
    private const int MostGraces = 50;

    private readonly INetworkPoller _real = (options.Network ?? Pollers.Default)(loop);
    private int _isWoken;

    public int PendingOperations => _real.PendingOperations;

    public IDescriptorPoller? Descriptors => _real.Descriptors;

    private bool WaitsForReality => loop.ForeignWaits > 0 || _real.PendingOperations > 0;

    public void Wait(TimeSpan timeout)
    {
        // Something may have come in just before: it goes first.
        if (Interlocked.Exchange(ref _isWoken, 0) == 1)
        {
            return;
        }

        if (timeout == TimeSpan.Zero)
        {
            _real.Wait(timeout);
        }
        else if (WaitsForReality)
        {
            WaitForReality(timeout);
        }
        else if (timeout == Timeout.InfiniteTimeSpan)
        {
            throw new DeadlockException(Waits.Of(loop));
        }
        else
        {
            clock.Advance(timeout);
        }
    }

    public void Wake()
    {
        Volatile.Write(ref _isWoken, 1);
        _real.Wake();
    }

    public void Dispose() => _real.Dispose();

    public IoResult<StreamTransport> Connect(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt)
        => _real.Connect(remote, options, completion, out attempt);

    public ListenTransport Listen(EndPoint local, ListenSettings options) => _real.Listen(local, options);

    public DatagramTransport OpenDatagram(EndPoint local, SocketSettings options) => _real.OpenDatagram(local, options);

    private void WaitForReality(TimeSpan timeout)
    {
        if (SomethingHappenedWithinGrace())
        {
            return;
        }

        if (options.Strict)
        {
            throw new ForeignWaitException(Waits.Of(loop));
        }

        if (timeout == Timeout.InfiniteTimeSpan)
        {
            WaitUntilSomethingHappens(Timeout.InfiniteTimeSpan);
        }
        else
        {
            clock.Advance(timeout);
        }
    }

    /// <summary>A foreign wait mostly ends by way of the thread pool; on a busy machine what is queued there is not idle but late.</summary>
    private bool SomethingHappenedWithinGrace()
    {
        for (var graces = 0; graces < MostGraces; graces++)
        {
            if (WaitUntilSomethingHappens(options.IdleGrace))
            {
                return true;
            }

            if (ThreadPool.PendingWorkItemCount == 0)
            {
                break;
            }
        }

        return false;
    }

    /// <summary>
    /// A real poller waits out its time unless it was woken or has served I/O. It may have served some at the last instant, or this
    /// thread have been late to come back: then it is only the loop that knows.
    /// </summary>
    private bool WaitUntilSomethingHappens(TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        _real.Wait(limit);
        return Interlocked.Exchange(ref _isWoken, 0) == 1
            || limit == Timeout.InfiniteTimeSpan
            || Stopwatch.GetElapsedTime(start) < limit
            || loop.HasReadyWork;
    }
}
