using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Processes;

/// <summary>Programs that use processes in every way, cancelled before their first step, before their second, and so on to their last.</summary>
public abstract class ProcessEveryStepTests : ProcessTests
{
    private readonly NotingStarter _starter;

    private ProcessEveryStepTests(NotingStarter starter, Func<EventLoop, INetworkPoller> network)
        : base(starter, network) => _starter = starter;

    public sealed class Native() : ProcessEveryStepTests(new(ProcessStarters.Native), Pollers.Epoll);

    public sealed class Portable() : ProcessEveryStepTests(new(ProcessStarters.Portable), Pollers.Sockets);

    [Fact]
    [Trait("rule", "7")]
    [Trait("rule", "13")]
    public void Wherever_a_run_is_cancelled_no_process_is_left() => AtEveryStep(4, async () =>
    {
        var options = new SubprocessOptions { StandardInput = SubprocessInput.Text("b\na\n"), Timeout = Hour };
        Assert.Equal("a\nb\n", (await Subprocess.RunAsync("sort", null, options)).OutputText);
    });

    [Fact]
    [Trait("rule", "7")]
    [Trait("rule", "13")]
    public void Wherever_a_conversation_is_cancelled_no_process_is_left() => AtEveryStep(6, async () =>
    {
        await using var process = Script("while read line; do echo \"got $line\"; done; exec sleep 1000");
        process.StandardInput.Write("one\n");
        Assert.Equal("got one", await process.StandardOutput.ReadLineAsync());
        await process.StandardInput.WriteAsync("two\n"u8.ToArray());
        await process.StandardInput.FinishAsync();
        await foreach (var line in process.StandardOutput.ReadLinesAsync())
        {
            Assert.Equal("got two", line);
            break;
        }

        await process.StopAsync();
        await process.WaitAsync();
        await process.CollectAsync();
    });

    [Fact]
    [Trait("rule", "7")]
    [Trait("rule", "13")]
    public void Wherever_a_pipe_is_cancelled_no_process_is_left() => AtEveryStep(4, async () =>
    {
        await using var from = Script("echo b; echo a");
        await using var to = Subprocess.Start("sort", null, Piped);
        await from.PipeToAsync(to);
        Assert.Equal("a\nb\n", (await to.CollectAsync()).OutputText);
    });

    [Fact]
    [Trait("rule", "13")]
    public void Wherever_a_collection_is_cancelled_the_next_one_has_all() => AtEveryStep(
        3,
        async () =>
        {
            await using var process = Subprocess.Start("sh", ["-c", "for i in 1 2 3 4 5; do echo line $i; done"], Piped with { StandardError = SubprocessOutput.Pipe });
            var whole = "";
            try
            {
                whole = (await process.CollectAsync()).OutputText;
            }
            catch (ScopeCanceledException)
            {
                whole = (await CancelScope.ShieldAsync(process.CollectAsync)).OutputText;
                throw;
            }
            finally
            {
                Assert.Equal("line 1\nline 2\nline 3\nline 4\nline 5\n", whole);
            }
        });

    /// <summary>Runs it whole, and then once for each of its steps.</summary>
    private void AtEveryStep(int atLeast, Func<Coroutine> program)
    {
        var steps = int.MaxValue;
        var cuts = 0;
        for (var step = int.MaxValue; step > 0; step = step == int.MaxValue ? steps : step - 1)
        {
            var queue = new StrikingQueue(step);
            _starter.Started.Clear();
            try
            {
                Run(
                    async () =>
                    {
                        var wasCut = !await CancelScope.RunAsync(async scope =>
                        {
                            queue.Arm(() => scope.Cancel("struck"));
                            await program();
                        });
                        queue.Disarm();
                        Assert.False(wasCut && step == int.MaxValue);
                        cuts += wasCut ? 1 : 0;
                        Assert.All(_starter.Started, AssertForgotten);
                    },
                    TimeSpan.FromSeconds(60),
                    () => queue);
            }
            catch (Exception failure)
            {
                throw new Xunit.Sdk.XunitException($"Cancelled before step {step} of {queue.Steps}: {failure}");
            }

            steps = step == int.MaxValue ? queue.Steps : steps;
        }

        Assert.InRange(steps, atLeast, 500);

        // Children do not take the same number of steps each time; mostly the cancellation must have struck.
        Assert.InRange(cuts, steps / 2, int.MaxValue);
    }
}
