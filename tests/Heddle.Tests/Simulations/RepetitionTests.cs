#pragma warning disable HED009 // What no simulation can repeat is what is refused here.
using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>What cannot be repeated is refused, at the first step that was another.</summary>
public class RepetitionTests
{
    [Fact]
    public void Another_time_is_another_run()
    {
        var delays = 0;
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async () => await Coroutine.Delay(TimeSpan.FromSeconds(++delays))));
        Assert.Contains("the same turn, but not the same time", failure.Message);
        Assert.Contains("step 2, at 00:00:02, is of main, in RepetitionTests.Another_time_is_another_run(lambda)", failure.Message);
    }

    [Fact]
    public void A_run_that_fails_and_does_not_when_it_is_made_again_is_refused()
    {
        var runs = 0;
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async () =>
        {
            await Coroutine.Yield();
            if (++runs == 10)
            {
                throw new InvalidTimeZoneException("the tenth time");
            }
        }));
        Assert.StartsWith("The program does not do the same", failure.Message);
        Assert.Contains("InvalidTimeZoneException: the tenth time", failure.Message);
        Assert.IsType<InvalidTimeZoneException>(failure.InnerException);
    }

    [Fact]
    public void What_runs_on_another_thread_is_told_with_the_task_that_led_there()
    {
        var summary = Simulation.Explore(
            async () => await TaskGroup.RunAsync(async group =>
            {
                // It takes its real time, so that it comes after the other task's last step in each run.
                group.Start(async () => await Task.Run(static () => Thread.Sleep(20)).OrCanceled(), "leaver");
                await Coroutine.Yield();
            }),
            new() { Runs = 3, AllowOutside = true });
        Assert.Contains("thread", summary.FromOutside);
        Assert.Contains("from outside: ", summary.ToString());
    }

    [Fact]
    public void What_only_looks_foreign_is_no_other_thread()
    {
        var summary = Simulation.Explore(
            async () =>
            {
                var source = new TaskCompletionSource();
                await Racing.TogetherAsync(
                    async () => await source.Task.OrCanceled(),
                    async () =>
                    {
                        await Coroutine.Delay(Expect.Second);
                        source.SetResult();
                    });
            },
            new() { Runs = 20 });
        Assert.Null(summary.FromOutside);
        Assert.Equal(20, summary.Runs);
    }
}
