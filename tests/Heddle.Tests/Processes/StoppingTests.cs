using Heddle.LowLevel;
using Heddle.TestSupport;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Processes;

/// <summary>What stopping does to each of a tree, and does not.</summary>
public abstract class StoppingTests(IProcessStarter starter, Func<EventLoop, INetworkPoller> network) : ProcessTests(starter, network)
{
    public sealed class Native() : StoppingTests(ProcessStarters.Native, Pollers.Epoll);

    public sealed class Portable() : StoppingTests(ProcessStarters.Portable, Pollers.Sockets);

    public sealed class PortableOnEpoll() : StoppingTests(ProcessStarters.Portable, Pollers.Epoll);

    [Fact]
    public void Each_of_a_tree_is_asked_to_end_just_once() => RunIntoTimeouts(async () =>
    {
        // Python writes the number of each signal that it gets, as a byte, before it looks at it. They all go on until they are killed.
        const int Count = 12;
        const byte Terminate = 15;
        var program = $"""
            import os, signal, time
            os.set_blocking(1, False)
            signal.set_wakeup_fd(1)
            signal.signal(signal.SIGTERM, lambda *_: None)
            parent = os.getpid()
            for _ in range({Count - 1}):
                if os.getpid() == parent and os.fork() == 0 and _ % 2: os.setsid()
            os.write(1, b"r")
            while True: time.sleep(1000)
            """;
        await using var process = Subprocess.Start(Peer.Require("python3"), ["-c", program], Piped);
        Assert.All(await process.StandardOutput.ReadExactlyAsync(Count), static said => Assert.Equal((byte)'r', said));
        await process.StopAsync();

        Assert.Equal(Enumerable.Repeat(Terminate, Count), (await process.CollectAsync()).Output.ToArray());
    }, grace: Second);

    [Fact]
    public void Stopping_many_at_once_looks_over_the_machine_for_all_of_them_and_not_on_the_loops_thread() => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only there the machine is looked over.");
        const int Count = 40;
        var children = Enumerable.Range(0, Count).Select(static _ => Subprocess.Start("sleep", ["1000"])).ToArray();
        await StopAsync(children[0]);

        // To read of one process takes kilobytes, and each stop has to know of all.
        var before = GC.GetAllocatedBytesForCurrentThread();
        await Coroutine.WhenAll(children.Skip(1).Select(StopAsync));
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Count, 0, 60_000);

        static async Coroutine StopAsync(Subprocess child) => await child.StopAsync();
    });

    [Fact]
    public void One_that_has_just_ended_by_itself_keeps_what_it_has_left_running() => Run(async () =>
    {
        await using var process = Script("sleep 1000 & echo $!; read line; exit 3");
        var grandchild = await ReadNumberAsync(process);
        await process.StandardInput.FinishAsync();

        // The loop hears nothing of it, since nothing is awaited.
        WaitUntilGone(process.Id);
        Assert.Equal(new ExitStatus(3), await process.StopAsync());
        Assert.True(ProcessTable.IsRunning(grandchild));

        await Subprocess.RunAsync("kill", ["-9", $"{grandchild}"]);
        WaitUntilGone(grandchild);
    });
}
