using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>Always, Sometimes, Eventually, and random numbers.</summary>
public class PropertyTests
{
    private static readonly SimulationOptions s_short = new() { Runs = 50 };

    [Fact]
    public void What_must_always_be_true_is_looked_at_after_each_step()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async world =>
        {
            var count = 0;
            world.Always(() => count < 2, "fewer than two");
            await Coroutine.Yield();
            count = 2;
            await Coroutine.Yield();
            count = 0;
        }));
        Assert.StartsWith("Always \"fewer than two\": is false.", failure.Message);
    }

    [Fact]
    public void What_is_false_at_a_moment_throws_there_and_is_a_failure_although_it_is_caught()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async world =>
        {
            Assert.Throws<PropertyViolatedException>(() => world.Always(false, "never so"));
            await Coroutine.Yield();
        }));
        Assert.StartsWith("Always \"never so\": is false.", failure.Message);
    }

    [Fact]
    public void A_condition_that_throws_is_a_failure()
        => Assert.StartsWith("InvalidTimeZoneException", Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async world =>
        {
            world.Always(() => throw new InvalidTimeZoneException(), "asked");
            await Coroutine.Yield();
        })).Message);

    [Fact]
    public void What_never_came_up_is_said_and_what_did_in_any_run_is_not()
    {
        var summary = Simulation.Explore(
            async world =>
            {
                var order = new List<string>();
                await Racing.NoteOrderAsync(order);
                world.Sometimes(order[^1] == "a", "a is last");
                world.Sometimes(order.Count > 9, "ten steps");
            },
            s_short);
        Assert.Equal(["ten steps"], summary.NeverTrue);
        Assert.Contains("never true: ten steps", summary.ToString());
    }

    [Fact]
    public void A_failure_says_it_too()
        => Assert.Contains("Never true so far: \"a second try\".", Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async world =>
        {
            world.Sometimes(false, "a second try");
            await Coroutine.Yield();
            throw new InvalidTimeZoneException();
        })).Message);

    [Fact]
    public void What_must_come_may_come_at_any_time_and_go_again()
        => Simulation.Explore(
            async world =>
            {
                var isUp = false;
                world.Eventually(() => isUp, "it comes up", TimeSpan.FromMinutes(2));
                await Coroutine.Delay(TimeSpan.FromMinutes(1));
                isUp = true;
                await Coroutine.Yield();
                isUp = false;
                await Coroutine.Delay(TimeSpan.FromMinutes(5));
            },
            s_short);

    [Theory]
    [InlineData(true, "in time")]
    [InlineData(false, "by the end of the run")]
    public void What_does_not_come_is_a_failure(bool isLimited, string when)
        => Assert.StartsWith($"Eventually \"it comes up\": has not become true {when}.", Assert.Throws<SimulationFailedException>(() => Simulation.Explore(
            async world =>
            {
                world.Eventually(() => false, "it comes up", isLimited ? TimeSpan.FromMinutes(2) : null);
                await Coroutine.Delay(TimeSpan.FromMinutes(5));
                await Coroutine.Delay(TimeSpan.FromMinutes(5));
            })).Message);

    [Fact]
    public void Random_numbers_are_in_their_bounds_and_spread_over_them()
        => Simulation.Explore(
            async world =>
            {
                var random = world.Random;
                var small = new HashSet<int>();
                for (var i = 0; i < 100; i++)
                {
                    small.Add(random.Next(-2, 3));
                    Assert.InRange(random.NextDouble(), 0, 0.9999999999999999);
                    Assert.InRange(random.NextInt64(long.MinValue, long.MaxValue), long.MinValue, long.MaxValue - 1);
                }

                Assert.Equal([-2, -1, 0, 1, 2], small.Order());
                var bytes = new byte[64];
                random.NextBytes(bytes);
                Assert.True(bytes.Distinct().Count() > 20);
                Assert.Equal(7, random.Next(7, 7));
                Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(8, 7));
                await Coroutine.Yield();
            },
            s_short);

    [Fact]
    public void The_numbers_of_a_task_do_not_depend_on_how_many_another_has_drawn()
    {
        Assert.Equal(DrawOfSecond(0), DrawOfSecond(5));

        static int DrawOfSecond(int drawsOfFirst)
        {
            var drawn = 0;
            Simulation.Replay("fifo; draws 9", world => Racing.TogetherAsync(
                async () =>
                {
                    for (var i = 0; i < drawsOfFirst; i++)
                    {
                        world.Random.Next();
                    }

                    await Coroutine.Yield();
                },
                async () =>
                {
                    await Coroutine.Yield();
                    drawn = world.Random.Next();
                }));
            return drawn;
        }
    }
}
