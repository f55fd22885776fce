using Heddle.Testing;

namespace Heddle.Tests.Http;

/// <summary>Runs a test against real sockets, and holds that it leaves nothing behind.</summary>
internal static class HttpRun
{
    /// <summary>The clock stands still while the network works, so that no timeout fires because the machine is busy.</summary>
    internal static void Run(Func<Coroutine> body) => Run(body, TimeSpan.FromSeconds(60));

    /// <summary>The clock jumps to the next timeout as soon as the network has been silent for a little.</summary>
    /// <param name="grace">Long where a busy machine's silence between two sockets must not be taken for the server's.</param>
    internal static void RunIntoTimeouts(Func<Coroutine> body, TimeSpan? grace = null)
        => Run(body, grace ?? TimeSpan.FromMilliseconds(50));

    private static void Run(Func<Coroutine> body, TimeSpan idleGrace)
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                await body();
                Assert.Equal(0, EventLoop.Current.ForeignWaits);
                Assert.Equal(["main"], EventLoop.Current.Tasks.Select(task => task.Name));
            },
            new() { IdleGrace = idleGrace, OnReport = reports.Add });
        Assert.Empty(reports);
    }
}
