using Heddle.LowLevel;
using Heddle.TestSupport;

namespace Heddle.Tests.Processes;

/// <summary>A process that has a debugger: its end is told to that first, and to this program when the debugger has seen it.</summary>
public abstract class DebuggedTests(IProcessStarter starter, Func<EventLoop, INetworkPoller> network) : ProcessTests(starter, network)
{
    /// <summary>Attaches to the process of its argument, and sees its end when it is told to.</summary>
    private const string Debugger = """
        import ctypes, os, sys
        seize = 0x4206
        print(ctypes.CDLL(None).ptrace(seize, int(sys.argv[1]), None, None), flush=True)
        sys.stdin.readline()
        os.waitpid(int(sys.argv[1]), 0x40000000)
        """;

    public sealed class Native() : DebuggedTests(ProcessStarters.Native, Pollers.Epoll);

    public sealed class Portable() : DebuggedTests(ProcessStarters.Portable, Pollers.Sockets);

    [Fact]
    public void It_ends_when_its_debugger_has_seen_its_end_and_as_it_did() => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The debugger is written for Linux.");
        await using var process = Script("echo; read line; exit 42");
        await process.StandardOutput.ReadLineAsync();
        await using var debugger = Subprocess.Start(Peer.Require("python3"), ["-c", Debugger, $"{process.Id}"], Piped);
        Assert.SkipUnless(await debugger.StandardOutput.ReadLineAsync() == "0", "The system allows no debugger here.");

        await process.StandardInput.FinishAsync();
        WaitUntilGone(process.Id);

        // Each is a look at what the poller has.
        for (var i = 0; i < 20; i++)
        {
            await Subprocess.RunAsync("true");
        }

        Assert.Null(process.Status);
        debugger.StandardInput.Write("look\n");
        Assert.Equal(new ExitStatus(42), await process.WaitAsync());
        AssertForgotten(process.Id);
        await debugger.WaitAsync();
    });
}
