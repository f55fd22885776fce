using Heddle.LowLevel;

namespace Heddle.Tests.Net;

/// <summary>The real network; it counts how often it was waited for.</summary>
internal sealed class CountingNetwork(INetworkPoller real) : RealNetwork(real)
{
    internal int Waits { get; private set; }

    public override void Wait(TimeSpan timeout)
    {
        Waits++;
        // Real: the network's own work.
        base.Wait(timeout);
    }
}
