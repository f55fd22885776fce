using System.Runtime.InteropServices;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Processes;

/// <summary>How processes end, by themselves and by others.</summary>
public abstract class EndingTests(IProcessStarter starter, Func<EventLoop, INetworkPoller> network) : ProcessTests(starter, network)
{
    /// <summary>A process that obeys, with a child in a session of its own, which it has by the time it says its number, and another beside.</summary>
    private const string Family = "setsid sh -c 'echo $$; exec sleep 1000' & sleep 1000 & echo $!; wait";

    private static readonly TimeSpan s_grace = new SubprocessOptions().StopGrace;

    public sealed class Native() : EndingTests(ProcessStarters.Native, Pollers.Epoll);

    public sealed class Portable() : EndingTests(ProcessStarters.Portable, Pollers.Sockets);

    public sealed class PortableOnEpoll() : EndingTests(ProcessStarters.Portable, Pollers.Epoll);

    [Fact]
    public void It_ends_with_a_code_and_all_who_wait_get_it() => Run(async () =>
    {
        await using var process = Script("read line; exit 42");
        var waiters = new[] { LoopTask.Start(process.WaitAsync()), LoopTask.Start(process.WaitAsync()) };
        await Coroutine.Yield();
        Assert.Null(process.Status);
        Assert.Equal($"'sh' (process {process.Id}, running)", process.ToString());

        await process.StandardInput.FinishAsync();
        Assert.Equal(new ExitStatus(42), await waiters[0]);
        Assert.Equal(new ExitStatus(42), await waiters[1]);
        Assert.Equal(new ExitStatus(42), await process.WaitAsync());
        Assert.Equal(new ExitStatus(42), process.Status);
        Assert.Equal($"'sh' (process {process.Id}, exit code 42)", process.ToString());
        AssertForgotten(process.Id);
    });

    [Fact]
    public void It_is_ended_by_a_signal() => Run(async () =>
    {
        await using var process = Script("kill -9 $$");
        var status = await process.WaitAsync();

        Assert.Equal(137, status.Code);
        Assert.False(status.IsSuccess);
        Assert.Equal(IsNative ? 9 : null, status.Signal);
        Assert.Equal(IsNative ? "killed by SIGKILL" : "exit code 137", status.ToString());
    });

    [Fact]
    public void A_signal_can_be_sent_to_it() => Run(async () =>
    {
        await using var process = Script("trap 'echo hup' HUP; trap 'echo usr1' USR1; echo ready; while :; do sleep 0.01; done");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
        process.SendSignal(PosixSignal.SIGHUP);
        Assert.Equal("hup", await process.StandardOutput.ReadLineAsync());
        process.SendSignal((PosixSignal)10);
        Assert.Equal("usr1", await process.StandardOutput.ReadLineAsync());
        var failure = Assert.Throws<SubprocessException>(() => process.SendSignal((PosixSignal)1000));
        Assert.Contains("Sending signal 1000 to 'sh'", failure.Message, StringComparison.Ordinal);

        process.Kill();
        Assert.Equal(137, (await process.WaitAsync()).Code);
        process.Kill();
    });

    [Fact]
    [Trait("pitfall", "21")]
    public void Waiting_ends_with_the_process_though_a_grandchild_holds_its_pipes() => Run(async () =>
    {
        await using var process = Script("sleep 1000 & echo $!; exit 3");
        var grandchild = await ReadNumberAsync(process);
        Assert.Equal(new ExitStatus(3), await process.WaitAsync());
        Assert.True(ProcessTable.IsRunning(grandchild));

        await Subprocess.RunAsync("kill", ["-9", $"{grandchild}"]);
        WaitUntilGone(grandchild);
    });

    [Fact]
    public void Stopping_asks_it_to_end_and_its_whole_tree() => Run(async () =>
    {
        await using var process = Script(Family);
        int[] family = [process.Id, await ReadNumberAsync(process), await ReadNumberAsync(process)];
        var status = await process.StopAsync();

        Assert.Equal(143, status.Code);
        Assert.All(family, id => Assert.False(ProcessTable.IsRunning(id)));
        AssertForgotten(process.Id);
        Assert.True(EventLoop.Current.Now < s_grace);
        Assert.Equal(status, await process.StopAsync());
    });

    [Fact]
    public void What_ignores_being_asked_is_killed_after_the_grace() => RunIntoTimeouts(async () =>
    {
        await using var process = Subprocess.Start("sh", ["-c", "trap '' TERM; echo ready; while :; do sleep 0.01; done"], Piped with { StopGrace = Hour });
        await process.StandardOutput.ReadLineAsync();
        var status = await process.StopAsync();

        Assert.Equal(137, status.Code);
        Assert.True(EventLoop.Current.Now >= Hour);
        AssertForgotten(process.Id);
    });

    [Fact]
    public void A_grandchild_that_ignores_being_asked_is_killed_though_its_parent_has_obeyed() => RunIntoTimeouts(async () =>
    {
        await using var process = Script("(trap '' TERM; echo ready; exec sleep 1000) & echo $!; exec sleep 1000");
        var lines = new[] { await process.StandardOutput.ReadLineAsync(), await process.StandardOutput.ReadLineAsync() };
        var grandchild = int.Parse(lines.Single(line => line != "ready")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(143, (await process.StopAsync()).Code);

        Assert.False(ProcessTable.IsRunning(grandchild));
        Assert.True(EventLoop.Current.Now >= s_grace);
    });

    [Fact]
    public void One_that_is_stopped_by_a_signal_hears_of_it_too() => Run(async () =>
    {
        Assert.SkipUnless(IsNative, "The portable starter asks and, after the grace, kills.");
        await using var process = Script("echo ready; kill -STOP $$; sleep 1000");
        await process.StandardOutput.ReadLineAsync();
        Assert.Equal(143, (await process.StopAsync()).Code);
    });

    [Fact]
    [Trait("pitfall", "21")]
    public void Cancelling_a_run_leaves_no_child_behind() => Run(async () =>
    {
        using var directory = new TemporaryDirectory();
        var pids = directory.File("pids");
        var isOver = await CancelScope.RunAsync(async scope =>
        {
            var run = LoopTask.Start(async () =>
            {
                // Real: until the file is there, which only the child knows.
                while (!File.Exists(pids) || (await File.ReadAllLinesAsync(pids).OrCanceled()).Length < 3)
                {
                    await Coroutine.Yield();
                }

                scope.Cancel("enough");
            });
            await Subprocess.RunAsync("sh", ["-c", $"echo $$ >> {pids}; ({Family}) >> {pids}"]);
        });

        Assert.False(isOver);
        Assert.All(
            await File.ReadAllLinesAsync(pids).OrCanceled(),
            line => Assert.False(ProcessTable.IsRunning(int.Parse(line, System.Globalization.CultureInfo.InvariantCulture))));
    });

    [Fact]
    public void Disposing_of_one_that_runs_stops_it_and_ends_what_waits_for_it() => Run(async () =>
    {
        var process = Script(Family);
        int[] family = [process.Id, await ReadNumberAsync(process), await ReadNumberAsync(process)];
        var waiting = LoopTask.Start(process.WaitAsync());
        var reading = LoopTask.Start(process.StandardOutput.ReadToEndAsync());
        await Coroutine.Yield();
        var closing = LoopTask.Start(async () => await process.DisposeAsync());
        await process.DisposeAsync();
        await closing;
        await process.DisposeAsync();

        Assert.All(family, id => Assert.False(ProcessTable.IsRunning(id)));
        Assert.Equal(143, (await waiting).Code);

        // The end of the pipe, or its closing: whichever came first.
        try
        {
            Assert.Empty(await reading);
        }
        catch (ConnectionException failure)
        {
            Assert.Contains("this program closed it meanwhile", failure.Message, StringComparison.Ordinal);
        }
    });

    [Fact]
    [Trait("rule", "15")]
    public void It_is_stopped_when_its_scope_is_left_however_that_is() => Run(async () =>
    {
        Subprocess? process = null;
        await CancelScope.RunAsync(async scope =>
        {
            process = Script("echo; sleep 1000");
            await process.StandardOutput.ReadLineAsync();
        });
        Assert.Equal(143, process!.Status?.Code);
        AssertForgotten(process.Id);

        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            process = Script("echo; sleep 1000");
            await process.StandardOutput.ReadLineAsync();
            scope.Cancel();
            await Coroutine.Yield();
        }));
        Assert.Equal(143, process.Status?.Code);

        await ThrowsAsync<InvalidDataException>(() => CancelScope.WithTimeoutAsync(Hour, async scope =>
        {
            process = Script("echo; sleep 1000");
            await process.StandardOutput.ReadLineAsync();
            throw new InvalidDataException();
        }));
        Assert.Equal(143, process.Status?.Code);

        var task = LoopTask.Start(async () =>
        {
            process = Script("echo; sleep 1000");
            await process.StandardOutput.ReadLineAsync();
        });
        await task;
        Assert.Equal(143, process.Status?.Code);
    });

    [Fact]
    [Trait("rule", "7")]
    public void In_a_cancelled_scope_none_is_started() => Run(async () =>
    {
        using var directory = new TemporaryDirectory();
        var trace = directory.File("trace");
        await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel("before");
            Assert.Throws<ScopeCanceledException>(() => Subprocess.Start("touch", [trace]));
            await ThrowsAsync<ScopeCanceledException>(async () => await Subprocess.RunAsync("touch", [trace]));
        });
        Assert.False(File.Exists(trace));
    });

    [Fact]
    public void A_wait_that_is_cancelled_harms_nobody() => RunIntoTimeouts(async () =>
    {
        await using var process = Script("read line; exit 1");
        await ThrowsAsync<TimeoutException>(async () => await process.WaitAsync().WithTimeout(Hour));
        await process.StandardInput.FinishAsync();
        Assert.Equal(1, (await process.WaitAsync()).Code);
    });
}
