using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>What may befall a child process, and the mistakes of its parent that this finds.</summary>
public class ChildFaultTests
{
    [Fact]
    public void A_parent_that_does_not_look_how_its_child_ended_is_found_when_that_is_killed()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(BackUpAsync));
        Assert.StartsWith("Always \"the copy is whole\"", failure.Message);
        Assert.Contains("fault: kill of tar*1", failure.Message);
        Assert.Matches("^kill@tar\\*1#[0-9]+ is 1$", failure.Recording);
        for (var i = 0; i < 20; i++)
        {
            var again = Assert.Throws<SimulationFailedException>(() => Simulation.Replay(failure.Recording, BackUpAsync));
            Assert.StartsWith("Always \"the copy is whole\"", again.Message);
        }

        static async Coroutine BackUpAsync(SimulationWorld world)
        {
            world.Faults = SimulationFaults.ChildSignal;
            world.AddProgram("tar", PiecemealAsync);
            var copy = await Subprocess.RunAsync("tar");
            world.Always(copy.OutputText == "12", "the copy is whole");
        }
    }

    [Fact]
    public void A_parent_that_takes_a_failed_command_for_one_that_has_found_nothing_is_found_by_its_exit_code()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(static async world =>
        {
            world.Faults = SimulationFaults.ChildExit;
            world.AddProgram("grep", PiecemealAsync);
            var found = await Subprocess.RunAsync("grep");
            world.Always(found.Status.Signal is null, "it is not killed");
            world.Always(found.OutputText.Length > 0, "it is there");
        }));
        Assert.StartsWith("Always \"it is there\"", failure.Message);
        Assert.Contains("fault: exit of grep*1", failure.Message);
    }

    [Fact]
    public void A_parent_that_waits_without_a_limit_is_found_when_its_child_is_stuck()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(static async world =>
        {
            world.Faults = SimulationFaults.ChildStuck;
            world.AddProgram("git", PiecemealAsync);
            await Subprocess.RunAsync("git");
        }));
        Assert.StartsWith("Deadlock", failure.Message);
        Assert.Contains("fault: stuck of git*1", failure.Message);
    }

    [Fact]
    public void One_that_is_stuck_does_not_heed_a_request_and_is_killed_after_the_grace()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(static async world =>
        {
            world.Faults = SimulationFaults.ChildStuck;
            world.AddProgram("git", PiecemealAsync);
            var options = new SubprocessOptions { Timeout = TimeSpan.FromMinutes(1), StopGrace = TimeSpan.FromSeconds(5) };
            try
            {
                await Subprocess.RunAsync("git", null, options);
            }
            catch (SubprocessTimeoutException late)
            {
                Assert.Equal(ExitStatus.OfSignal(9), late.Partial.Status);
                Assert.Equal(TimeSpan.FromSeconds(65), EventLoop.Current.Now);
                throw;
            }
        }));
        Assert.StartsWith(nameof(SubprocessTimeoutException), failure.Message);
    }

    [Fact]
    public void Output_that_ends_early_and_input_that_nobody_takes_are_found_by_a_closed_pipe()
    {
        var output = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(static async world =>
        {
            world.Faults = SimulationFaults.ChildPipe;
            world.AddProgram("tar", PiecemealAsync);
            var copy = (await Subprocess.RunAsync("tar")).EnsureSuccess();
            world.Always(copy.OutputText == "12", "the copy is whole");
        }));
        Assert.Contains("fault: closed-pipe of tar*1.stdout", output.Message);

        var input = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(static async world =>
        {
            world.Faults = SimulationFaults.ChildPipe;
            world.AddProgram("cat", static async process => (await process.Input.ReadToEndAsync()).Length == 0 ? 1 : 0);
            await using var child = Subprocess.Start("cat", null, new() { StandardInput = SubprocessInput.Pipe, StandardOutput = SubprocessOutput.Null });
            child.StandardInput.Write("hello");
            await child.StandardInput.FlushAsync();
            child.StandardInput.Write("world");
            await child.StandardInput.FinishAsync();
        }));
        Assert.StartsWith(nameof(ConnectionException), input.Message);
        Assert.Contains("fault: closed-pipe of cat*1.stdin", input.Message);
    }

    [Fact]
    public void Runs_with_all_faults_of_children_are_the_same_each_time()
    {
        var (one, other) = (Explore(), Explore());
        Assert.Equal(one.Hash, other.Hash);
        Assert.Equal(one.Struck, other.Struck);
        Assert.All(one.Struck.Values, static times => Assert.True(times > 0));

        static SimulationSummary Explore() => Simulation.Explore(
            static async world =>
            {
                world.Faults = SimulationFaults.Children | SimulationFaults.Cancel;
                world.AddProgram("tar", PiecemealAsync);
                try
                {
                    await Subprocess.RunAsync("tar", null, new() { Timeout = TimeSpan.FromSeconds(1) });
                }
                catch (SubprocessTimeoutException)
                {
                    // Stuck.
                }
            },
            new() { Runs = 300, Time = Timeout.InfiniteTimeSpan });
    }

    private static async Coroutine<int> PiecemealAsync(SimulatedProcess process)
    {
        for (var piece = 1; piece <= 2; piece++)
        {
            process.Output.Write($"{piece}");
            await process.Output.FlushAsync();
            await Coroutine.Yield();
        }

        return 0;
    }
}
