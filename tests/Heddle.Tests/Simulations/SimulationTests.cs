using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>What a search runs, and what it takes for a failure.</summary>
public class SimulationTests
{
    private static readonly SimulationOptions s_short = new() { Runs = 50 };

    [Fact]
    public void A_program_that_cannot_fail_is_run_as_often_as_was_asked()
    {
        var bodies = 0;
        var summary = Simulation.Explore(
            async () =>
            {
                bodies++;
                await Racing.TogetherAsync(async () => await Coroutine.Yield(), async () => await Coroutine.Yield());
            },
            s_short);
        Assert.Equal(50, summary.Runs);

        // The first run is made twice.
        Assert.Equal(51, bodies);
        Assert.True(summary.Decisions > 50);
        Assert.Null(summary.FromOutside);
        Assert.StartsWith("50 runs with ", summary.ToString());
    }

    [Fact]
    public void The_first_run_is_first_come_first_served()
    {
        var order = new List<string>();
        Simulation.Explore(() => Racing.NoteOrderAsync(order), new() { Runs = 1 });
        Assert.Equal(["a", "b", "c", "a", "b", "c"], order[..6]);
    }

    [Fact]
    public void Other_runs_have_other_orders()
    {
        var orders = new HashSet<string>();
        Simulation.Explore(
            async () =>
            {
                var order = new List<string>();
                await Racing.NoteOrderAsync(order);
                orders.Add(string.Concat(order));
            },
            new() { Runs = 200 });
        Assert.True(orders.Count > 30, $"only {orders.Count} orders");
    }

    [Fact]
    public void Tasks_that_a_limited_group_keeps_back_begin_in_the_order_of_their_starts()
        => Simulation.Explore(
            static async world =>
            {
                var begun = new List<int>();
                await TaskGroup.RunAsync(
                    async group =>
                    {
                        for (var i = 0; i < 6; i++)
                        {
                            var number = i;
                            group.Start(async () =>
                            {
                                begun.Add(number);
                                await Coroutine.Yield();
                            });
                        }
                    },
                    new() { MaxConcurrency = 2 });
                world.Always(begun.SequenceEqual([0, 1, 2, 3, 4, 5]), "they begin in order");
            },
            new() { Runs = 1000 });

    [Fact]
    public void A_seed_gives_the_same_order_each_time()
    {
        var orders = new Dictionary<ulong, HashSet<string>>();
        for (var seed = 1UL; seed <= 20; seed++)
        {
            orders[seed] = [];
            for (var time = 0; time < 3; time++)
            {
                var order = new List<string>();
                Simulation.Replay(seed, async world =>
                {
                    order.Clear();
                    await Racing.NoteOrderAsync(order);
                    order.Add(world.Random.Next().ToString());
                });
                orders[seed].Add(string.Join(' ', order));
            }
        }

        Assert.All(orders.Values, same => Assert.Single(same));
        Assert.True(orders.Values.SelectMany(order => order).Distinct().Count() > 15);
    }

    [Fact]
    public void Who_waits_first_is_served_first_in_each_order()
        => Simulation.Explore(async world =>
        {
            var queue = new AsyncQueue<int>();
            var got = new List<int>();
            await TaskGroup.RunAsync(async group =>
            {
                for (var i = 0; i < 3; i++)
                {
                    group.Start(async () => got.Add(await queue.GetAsync()));
                }

                for (var i = 0; i < 3; i++)
                {
                    await queue.PutAsync(i);
                    await Coroutine.Yield();
                }
            });
            world.Always(got.Order().SequenceEqual([0, 1, 2]), "each has one");
        }, s_short);

    [Fact]
    public void What_a_task_starts_begins_in_the_order_of_the_starts_in_each_order()
        => Simulation.Explore(async world =>
        {
            var begun = new List<int>();
            await TaskGroup.RunAsync(async group =>
            {
                for (var i = 0; i < 4; i++)
                {
                    var number = i;
                    group.Start(async () =>
                    {
                        begun.Add(number);
                        await Coroutine.Yield();
                    });
                    await Coroutine.Yield();
                }
            });
            world.Always(begun.SequenceEqual([0, 1, 2, 3]), "in order");
        });

    [Fact]
    public void Callbacks_keep_their_order()
        => Simulation.Explore(async world =>
        {
            var calls = new List<int>();
            await Racing.TogetherAsync(
                async () =>
                {
                    for (var i = 0; i < 4; i++)
                    {
                        var call = i;
                        EventLoop.Current.Post(() => calls.Add(call));
                    }

                    await Coroutine.Yield();
                },
                async () => await Coroutine.Yield());
            await Coroutine.Delay(Expect.Second);
            world.Always(calls.SequenceEqual([0, 1, 2, 3]), "in order");
        }, s_short);

    [Fact]
    public void Time_is_virtual_and_the_clock_starts_anew_with_each_run()
        => Simulation.Explore(
            async () =>
            {
                Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
                Assert.Equal(new DateTimeOffset(2001, 2, 3, 0, 0, 0, TimeSpan.Zero), EventLoop.Current.Clock.GetUtcNow());
                await Coroutine.Delay(TimeSpan.FromDays(1000));
            },
            s_short with { Start = new(2001, 2, 3, 0, 0, 0, TimeSpan.Zero) });

    [Fact]
    public void What_escapes_is_the_failure_and_comes_along()
    {
        var failure = Fails(async () =>
        {
            await Coroutine.Yield();
            throw new InvalidTimeZoneException("no such zone");
        });
        Assert.StartsWith("InvalidTimeZoneException: no such zone\n", failure.Message);
        Assert.IsType<InvalidTimeZoneException>(failure.InnerException);
        Assert.Equal(1, failure.Run);
    }

    [Fact]
    public void A_failure_that_nobody_observes_is_one()
        => Assert.StartsWith("Task 'saver' failed", Fails(async () =>
        {
            LoopTask.Start(Coroutine.FromException(new IOException("the disk is full")), "saver");
            await Coroutine.Delay(Expect.Hour);
        }).Message);

    [Fact]
    public void A_task_that_is_left_over_is_one_unless_that_is_tolerated()
    {
        Assert.Contains("'sleeper'", Fails(LeaveOverAsync).Message);
        Assert.Equal(50, Simulation.Explore(LeaveOverAsync, s_short with { Tolerates = report => report.Kind == LoopReportKind.Leftover }).Runs);

        static async Coroutine LeaveOverAsync()
        {
            LoopTask.Start(async () => await Coroutine.Delay(Timeout.InfiniteTimeSpan), "sleeper");
            await Coroutine.Yield();
        }
    }

    [Fact]
    public void A_timer_that_is_left_over_is_one_unless_that_is_allowed()
    {
        Assert.StartsWith("A timer was left over", Fails(LeaveTimerAsync).Message);
        Assert.Equal(50, Simulation.Explore(LeaveTimerAsync, s_short with { AllowLeftoverTimers = true }).Runs);

        static async Coroutine LeaveTimerAsync()
        {
            _ = new CancellationTokenSource(Expect.Hour, EventLoop.Current.Clock);
            await Coroutine.Yield();
        }
    }

    [Fact]
    public void A_deadlock_is_one_and_says_who_waits_for_whom()
    {
        var failure = Fails(() => ClassicBugs.All["deadlock of two locks"](null!, false));
        Assert.StartsWith("Deadlock: ", failure.Message);
        Assert.Contains("task 'ann' waits for a lock that 'bob' has", failure.Message);
        Assert.Contains("task 'bob' waits for a lock that 'ann' has", failure.Message);
        Assert.IsType<DeadlockException>(failure.InnerException);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loop_without_an_end_and_without_time_is_one_even_if_it_cannot_be_cancelled(bool isStubborn)
        => Assert.StartsWith("Busy loop: 1,000 steps", Fails(
            async () =>
            {
                while (true)
                {
                    try
                    {
                        await Coroutine.Yield();
                    }
                    catch (OperationCanceledException) when (isStubborn)
                    {
                    }
                }
            },
            s_short with { StepsAtOnce = 1000 }).Message);

    [Fact]
    public void A_task_that_cannot_be_cancelled_and_waits_for_ever_ends_with_its_run()
        => Assert.StartsWith("Deadlock: ", Fails(async () =>
        {
            // Bare on purpose: such a wait does not end when it is cancelled.
            await new TaskCompletionSource().Task;
        }).Message);

    [Fact]
    public void Many_steps_are_no_busy_loop_while_time_passes()
        => Simulation.Explore(
            async () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    await Coroutine.Delay(Expect.Second);
                }
            },
            s_short with { StepsAtOnce = 100, Runs = 5 });

    [Fact]
    public void A_search_ends_when_its_time_is_over()
        => Assert.InRange(Simulation.Explore(async () => await Coroutine.Yield(), new() { Time = TimeSpan.Zero, Runs = int.MaxValue }).Runs, 1, 2);

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulationOptions { Runs = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulationOptions { StepsAtOnce = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulationOptions { Deviations = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulationOptions { Time = TimeSpan.FromSeconds(-2) });
        Assert.Throws<FormatException>(() => Simulation.Replay("hold", async () => await Coroutine.Yield()));
    }

    private static SimulationFailedException Fails(Func<Coroutine> body, SimulationOptions? options = null)
        => Assert.Throws<SimulationFailedException>(() => Simulation.Explore(body, options ?? s_short with { Runs = 1000 }));
}
