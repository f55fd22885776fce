using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>What a failure prints can be run again, after edits too, and holds no more than it needs.</summary>
public class RecordingTests
{
    [Fact]
    public void A_hold_counts_as_one_deviation_and_finds_a_race_with_eight_yields_among_all_orders_with_one()
    {
        var failure = Assert.Throws<SimulationFailedException>(
            () => Simulation.Explore(world => Before.Shop.RunAsync(world, 8), new() { Deviations = 1, Exhaustive = true }));
        Assert.InRange(failure.Run, 2, 30);
        Assert.Equal("hold main/buyer@Shop.BuyAsync>Coroutine.Yield#1", failure.Recording);
    }

    [Fact]
    public void Priorities_find_it_and_what_they_did_shrinks_to_the_one_hold()
    {
        var failure = Assert.Throws<SimulationFailedException>(
            () => Simulation.Explore(world => Before.Shop.RunAsync(world, 20), new() { Deviations = 0, Runs = 5000 }));
        Assert.NotNull(failure.Seed);
        Assert.Contains("by priorities with ", failure.Message);
        Assert.StartsWith("hold main/buyer@", failure.Recording);
        Assert.DoesNotContain(";", failure.Recording);
    }

    [Fact]
    public void A_seed_alone_gives_the_failure_again()
    {
        var options = new SimulationOptions { Deviations = 0, Runs = 5000 };
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(world => Before.Shop.RunAsync(world, 8), options));
        var again = Assert.Throws<SimulationFailedException>(
            () => Simulation.Replay(failure.Seed!.Value, world => Before.Shop.RunAsync(world, 8)));
        Assert.Equal(failure.Recording, again.Recording);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_recording_fails_after_awaits_were_added_around_what_it_names(int steps)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(world => Before.Shop.RunAsync(world, steps)));
        var again = Assert.Throws<SimulationFailedException>(() => Simulation.Replay(failure.Recording, world => After.Shop.RunAsync(world, steps)));
        Assert.StartsWith("Always \"bought before it is sold out\"", again.Message);
    }

    [Fact]
    public void One_that_does_not_fit_any_more_says_at_which_deviation()
    {
        var failure = Assert.Throws<SimulationFailedException>(
            () => Simulation.Replay("hold main/others@Shop.SellOutAsync>start#1; hold main/nobody@Shop.BuyAsync>start#1", world => Before.Shop.RunAsync(world, 2)));
        Assert.Contains("deviation 2 of 2", failure.Message);
        Assert.Contains("hold main/nobody@Shop.BuyAsync>start#1", failure.Message);
    }

    [Fact]
    public void One_that_fits_and_does_not_fail_passes()
        => Assert.Equal(1, Simulation.Replay("hold main/others@Shop.SellOutAsync>start#1", world => Before.Shop.RunAsync(world, 2)).Runs);

    [Fact]
    public void Names_of_any_kind_stay_whole()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(world => RunAsync(world)));
        Assert.DoesNotContain("'", failure.Recording);
        Assert.Throws<SimulationFailedException>(() => Simulation.Replay(failure.Recording, world => RunAsync(world)));

        static async Coroutine RunAsync(SimulationWorld world)
        {
            var last = "";
            await TaskGroup.RunAsync(async group =>
            {
                group.Start(NoteAsync("it's; a@b#c 100% <before> \"x\"", 1), "it's; a@b#c 100% <before> \"x\"");
                group.Start(NoteAsync("hold", 3), "hold");
                await Coroutine.Yield();
            });
            world.Always(last == "hold", "the slow one is last");

            async Coroutine NoteAsync(string name, int steps)
            {
                for (var i = 0; i < steps; i++)
                {
                    await Coroutine.Yield();
                }

                last = name;
            }
        }
    }

    [Fact]
    public async Task The_environment_variable_makes_that_run_alone()
    {
        var found = await SearchAsync(null);
        Assert.StartsWith("failed in run ", found);
        var recording = found.Split('\n')[1];
        Assert.Equal($"failed in run 1\n{recording}\n", await SearchAsync(recording));
        Assert.Equal("passed 1\n", await SearchAsync("fifo"));
        Assert.Equal("passed 1\n", await SearchAsync("2"));
    }

    private static async Task<string> SearchAsync(string? variable)
        => string.Concat((await OtherProcess.RunAsync(["simulation"], ("HEDDLE_SIMULATION", variable))).Select(static line => line + "\n"));

    /// <summary>A program, and what became of it.</summary>
    private static class Before
    {
        internal static class Shop
        {
            private static bool s_isSoldOut;

            internal static async Coroutine RunAsync(SimulationWorld world, int steps)
            {
                s_isSoldOut = false;
                await TaskGroup.RunAsync(async group =>
                {
                    group.Start(BuyAsync(world), "buyer");
                    group.Start(SellOutAsync(steps), "others");
                    await Coroutine.Yield();
                });
            }

            private static async Coroutine BuyAsync(SimulationWorld world)
            {
                await Coroutine.Yield();
                world.Always(!s_isSoldOut, "bought before it is sold out");
            }

            private static async Coroutine SellOutAsync(int steps)
            {
                for (var i = 0; i <= steps; i++)
                {
                    await Coroutine.Yield();
                }

                s_isSoldOut = true;
            }
        }
    }

    private static class After
    {
        internal static class Shop
        {
            private static bool s_isSoldOut;

            internal static async Coroutine RunAsync(SimulationWorld world, int steps)
            {
                s_isSoldOut = false;
                var counters = new AsyncSemaphore(2);
                await Coroutine.Delay(Expect.Second);
                await TaskGroup.RunAsync(async group =>
                {
                    group.Start(LogAsync(), "log");
                    group.Start(BuyAsync(world, counters), "buyer");
                    group.Start(SellOutAsync(steps), "others");
                    await Coroutine.Yield();
                });
            }

            private static async Coroutine LogAsync()
            {
                await Coroutine.Yield();
                await Coroutine.Yield();
            }

            private static async Coroutine BuyAsync(SimulationWorld world, AsyncSemaphore counters)
            {
                using (await counters.LockAsync())
                {
                    await Coroutine.Yield();
                    world.Always(!s_isSoldOut, "bought before it is sold out");
                }
            }

            private static async Coroutine SellOutAsync(int steps)
            {
                await LogAsync();
                for (var i = 0; i <= steps; i++)
                {
                    await Coroutine.Yield();
                }

                s_isSoldOut = true;
            }
        }
    }
}
