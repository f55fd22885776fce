using System.Collections.Concurrent;
using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>What cannot be repeated is refused, at the first step that was another.</summary>
public class RepetitionTests
{
    public static TheoryData<string> Leaks => ["real time", "chance", "order by hash", "what a run left over"];

    private static int s_leftOver;

    [Theory]
    [MemberData(nameof(Leaks))]
    public void The_first_difference_is_named_with_its_task_and_its_method(string leak)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(() => LeakAsync(leak)));
        Assert.StartsWith("The program does not do the same when the same run is made again", failure.Message);
        Assert.Matches(@"The first difference: step \d+, at 00:00:00, is of main/.*, in RepetitionTests\.\w+ \(RepetitionTests\.cs:\d+\); the first time", failure.Message);
        Assert.Contains("DateTime.UtcNow", failure.Message);
    }

    [Fact]
    public void Another_time_is_another_run()
    {
        var delays = 0;
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async () => await Coroutine.Delay(TimeSpan.FromSeconds(++delays))));
        Assert.Contains("the turns were the same, but not the time", failure.Message);
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
                group.Start(async () => await Task.Run(static () => { }).OrCanceled(), "leaver");
                await Coroutine.Yield();
            }),
            new() { Runs = 3 });
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

    private static async Coroutine LeakAsync(string leak)
    {
        var byHash = new ConcurrentDictionary<object, int>(Enumerable.Range(0, 30).Select(i => KeyValuePair.Create(new object(), i)));
        await TaskGroup.RunAsync(async group =>
        {
            foreach (var (_, number) in byHash)
            {
                group.Start(StepsAsync(leak switch
                {
                    "real time" => (int)(DateTime.UtcNow.Ticks % 2),
                    "chance" => Random.Shared.Next(2),
                    "order by hash" => number,
                    _ => s_leftOver++ % 7,
                }));
                await Coroutine.Yield();
            }
        });
    }

    private static async Coroutine StepsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Coroutine.Yield();
        }
    }
}
