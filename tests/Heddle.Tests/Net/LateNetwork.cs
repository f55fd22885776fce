using Heddle.LowLevel;

namespace Heddle.Tests.Net;

/// <summary>
/// The real network on a machine that is so busy that each wait that has a limit is over before its thread runs again, whatever has
/// come in meanwhile.
/// </summary>
internal sealed class LateNetwork(INetworkPoller real, EventLoop loop) : RealNetwork(real)
{
    public override void Wait(TimeSpan timeout)
    {
        if (timeout == TimeSpan.Zero)
        {
            // Not a wait: a look.
            base.Wait(timeout);
            return;
        }

        if (timeout == Timeout.InfiniteTimeSpan)
        {
            throw new InvalidOperationException("The loop would sleep for ever, though the wait before this one has made something ready.");
        }

        while (!loop.HasReadyWork)
        {
            // Real: the network's own work.
            base.Wait(Timeout.InfiniteTimeSpan);
        }
    }
}
