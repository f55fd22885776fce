using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>What is left of a long run that has failed.</summary>
public class ShrinkingTests
{
    private const int StepsBefore = 200;

    [Fact]
    public void Of_two_hundred_decisions_few_deviations_are_left_and_with_these_it_fails_each_time()
    {
        var left = new List<int>();
        foreach (var bug in ClassicBugs.All.Keys)
        {
            // From an odd seed on and from an even one: random walks and priorities.
            foreach (var seed in new[] { 1UL, 1002UL, 2003UL })
            {
                var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(
                    world => AmongOthersAsync(world, bug), new() { Deviations = 0, FirstSeed = seed, Runs = 10_000 }));
                left.Add(failure.Recording.Split(';').Length);
                for (var i = 0; i < 100; i++)
                {
                    var again = Assert.Throws<SimulationFailedException>(() => Simulation.Replay(failure.Recording, world => AmongOthersAsync(world, bug)));
                    Assert.Equal(failure.Message.Split('\n')[0], again.Message.Split('\n')[0]);
                }
            }
        }

        left.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', left));
        Assert.Equal(36, left.Count);
        Assert.InRange(left[left.Count / 2], 1, 8);
    }

    /// <summary>The mistake, after so many steps of other tasks which each could have been another's, and beside more of them.</summary>
    private static async Coroutine AmongOthersAsync(SimulationWorld world, string bug)
        => await TaskGroup.RunAsync(async group =>
        {
            var steps = 0;
            for (var other = 0; other < 4; other++)
            {
                group.Start(OtherAsync(), $"other {other}");
            }

            while (steps < StepsBefore)
            {
                await Coroutine.Yield();
            }

            await ClassicBugs.All[bug](world, false);

            async Coroutine OtherAsync()
            {
                for (var i = 0; i < 80; i++)
                {
                    steps++;
                    await Coroutine.Yield();
                }
            }
        });
}
