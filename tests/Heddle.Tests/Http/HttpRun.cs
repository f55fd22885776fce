using Heddle.LowLevel;
using Heddle.Testing;

namespace Heddle.Tests.Http;

/// <summary>Runs a test against real sockets, and holds that it leaves nothing behind.</summary>
internal static class HttpRun
{
    /// <summary>The clock stands still while the network works, so that no timeout fires because the machine is busy.</summary>
    internal static void Run(Func<Coroutine> body, Func<EventLoop, INetworkPoller>? network = null)
        => Run(body, TimeSpan.FromSeconds(60), network);

    /// <summary>The clock jumps to the next timeout as soon as the network has been silent for a little.</summary>
    /// <param name="grace">Long where a busy machine's silence between two sockets must not be taken for the server's.</param>
    internal static void RunIntoTimeouts(
        Func<Coroutine> body, TimeSpan? grace = null, Func<EventLoop, INetworkPoller>? network = null)
        => Run(body, grace ?? TimeSpan.FromMilliseconds(50), network);

    private static void Run(Func<Coroutine> body, TimeSpan idleGrace, Func<EventLoop, INetworkPoller>? network)
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                await body();
                Assert.Equal(0, EventLoop.Current.ForeignWaits);
                Assert.Equal(["main"], EventLoop.Current.Tasks.Select(task => task.Name));
            },
            new() { Network = network, IdleGrace = idleGrace, OnReport = reports.Add });
        Assert.Empty(reports);
    }
}
