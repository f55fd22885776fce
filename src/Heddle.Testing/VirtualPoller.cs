using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>Where a real loop would wait, moves the clock.</summary>
internal sealed class VirtualPoller(EventLoop loop, VirtualClock clock, VirtualTimeOptions options) : IPoller
{
    /// <summary>So often, at most, the grace is given anew because the thread pool is behind.</summary>
    private const int MostGraces = 50;

    private readonly AutoResetEvent _wake = new(false);

    public void Wait(TimeSpan timeout)
    {
        // Something may have come in just before: it goes first.
        if (_wake.WaitOne(TimeSpan.Zero))
        {
            return;
        }

        if (loop.ForeignWaits > 0)
        {
            WaitForForeign(timeout);
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

    public void Wake() => _wake.Set();

    public void Dispose() => _wake.Dispose();

    private void WaitForForeign(TimeSpan timeout)
    {
        if (WokenWithinGrace())
        {
            return;
        }

        if (options.Strict)
        {
            throw new ForeignWaitException(Waits.Of(loop));
        }

        if (timeout == Timeout.InfiniteTimeSpan)
        {
            _wake.WaitOne();
        }
        else
        {
            clock.Advance(timeout);
        }
    }

    /// <summary>A foreign wait mostly ends by way of the thread pool; on a busy machine what is queued there is not idle but late.</summary>
    private bool WokenWithinGrace()
    {
        for (var graces = 0; graces < MostGraces; graces++)
        {
            if (_wake.WaitOne(options.IdleGrace))
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
}
