using System.Collections.Concurrent;
using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>Functions that a simulated program gives to threads and executors: they run on the loop, and answer when the search chooses.</summary>
public class WorkerTests
{
    private static readonly AsyncLocal<string?> s_user = new();

    [Fact]
    public void A_function_on_a_thread_returns_its_result_or_throws_and_sees_the_callers_context()
        => Explore(static async () =>
        {
            s_user.Value = "ann";
            Assert.Equal("ann", await Coroutine.ToThread(static () => s_user.Value));
            var failure = await Assert.ThrowsAsync<InvalidDataException>(async () => await Coroutine.ToThread(static () => throw new InvalidDataException("wrong")));
            Assert.Equal("wrong", failure.Message);
            Assert.Null(await Coroutine.ToThread(static () => LoopTask.Current));
        });

    [Fact]
    public void Answers_come_in_either_order()
    {
        var summary = Simulation.Explore(
            static async world =>
            {
                var order = new List<int>();
                await Coroutine.WhenAll(CallAsync(1), CallAsync(2));
                world.Sometimes(order is [1, 2], "first come, first served");
                world.Sometimes(order is [2, 1], "the second is first");
                world.Sometimes(EventLoop.Current.Now > TimeSpan.Zero, "it takes time");

                async Coroutine CallAsync(int number) => order.Add(await Coroutine.ToThread(() => number));
            },
            new() { Runs = 200 });
        Assert.Empty(summary.NeverTrue);
        Assert.Null(summary.FromOutside);
    }

    [Fact]
    public void What_a_function_has_read_is_found_stale_when_it_arrives()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(CountAsync));
        Assert.StartsWith("Always \"both are counted\"", failure.Message);
        Assert.StartsWith("Always \"both are counted\"", Assert.Throws<SimulationFailedException>(() => Simulation.Replay(failure.Recording, CountAsync)).Message);

        static async Coroutine CountAsync(SimulationWorld world)
        {
            var count = 0;
            await Coroutine.WhenAll(AddAsync(), AddAsync());
            world.Always(count == 2, "both are counted");

            async Coroutine AddAsync()
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(world.Random.Next(20)));
                var before = await Coroutine.ToThread(() => count);
                count = before + 1;
            }
        }
    }

    [Fact]
    public void A_thread_executor_of_one_thread_does_one_call_after_the_other()
        => Explore(static async () =>
        {
            await using var executor = new ThreadExecutor(new() { MaxThreads = 1, QueueLimit = 2 });
            var order = new List<int>();
            await Coroutine.WhenAll(
                from number in Enumerable.Range(1, 3)
                select AddAsync(number));
            Assert.Equal([1, 2, 3], order);
            Assert.Equal(3, executor.Statistics.Completed);

            async Coroutine AddAsync(int number) => order.Add(await executor.RunAsync(() => number));
        });

    [Fact]
    public void A_call_for_which_there_is_no_room_is_refused_and_one_that_is_cancelled_before_its_turn_never_runs()
        => Explore(async world =>
        {
            await using var executor = world.AddExecutor("workers", workers: 1, queueLimit: 1);
            var ran = new List<int>();
            await TaskGroup.RunAsync(async group =>
            {
                group.Start(() => CallAsync(1));
                var second = group.Start(() => CallAsync(2));
                await group.Start(async () =>
                {
                    var isFull = executor.Statistics is { Running: 1, Waiting: 1 };
                    world.Sometimes(isFull, "it is full");
                    try
                    {
                        await CallAsync(3);
                        Assert.False(isFull);
                    }
                    catch (ExecutorFullException)
                    {
                        Assert.True(isFull);
                    }
                });
                if (executor.Statistics.Waiting == 1)
                {
                    second.Cancel();
                    await Coroutine.Delay(TimeSpan.FromMinutes(1));
                    Assert.DoesNotContain(2, ran);
                    world.Sometimes(true, "one is cancelled before its turn");
                }
            });
            Assert.Equal(1, ran[0]);

            async Coroutine CallAsync(int number) => await executor.RunAsync(() => ran.Add(number));
        });

    [Fact]
    public void An_executor_maps_in_order_and_waits_for_its_calls_when_it_is_closed()
        => Explore(async world =>
        {
            var squares = new List<int>();
            var executor = world.AddExecutor("workers");
            await using (executor)
            {
                Assert.Equal("workers", executor.Name);
                Assert.Equal(4, executor.MaxConcurrency);
                await foreach (var square in executor.MapAsync(static number => number * number, [1, 2, 3, 4, 5]))
                {
                    squares.Add(square);
                }

                var begun = new CoroutineSource();
                _ = LoopTask.Start(async () =>
                {
                    begun.SetResult();
                    await executor.RunAsync(static () => 1);
                });
                await begun;
            }

            Assert.Equal([1, 4, 9, 16, 25], squares);
            Assert.True(executor.Statistics is { Running: 0, Waiting: 0, Completed: > 1, Failed: 0, IsClosed: true }, executor.Statistics.ToString());
        });

    [Fact]
    public void A_call_that_is_cancelled_while_it_runs_costs_a_worker_and_leaves_the_executor_as_it_was()
        => Explore(async world =>
        {
            world.Faults = SimulationFaults.WorkerSilence;
            await using var executor = world.AddExecutor("workers", workers: 1);
            var answers = 0;
            for (var i = 0; i < 4; i++)
            {
                if ((await CancelScope.MoveOnAfterAsync(TimeSpan.FromSeconds(10), async _ => await executor.RunAsync(static () => 1))).IsSuccess)
                {
                    answers++;
                }
            }

            Assert.Equal(4, answers + executor.Statistics.LostWorkers);
            world.Sometimes(answers is > 0 and < 4, "some were lost");
        });

    [Fact]
    public void A_function_on_a_thread_that_is_late_is_abandoned_and_does_what_it_does_all_the_same()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(static async world =>
        {
            world.Faults = SimulationFaults.WorkerLate;
            var written = 0;
            if (!(await CancelScope.MoveOnAfterAsync(TimeSpan.FromSeconds(5), async _ => await Coroutine.ToThread(() => written++))).IsSuccess)
            {
                await Coroutine.ToThread(() => written++);
            }

            await Coroutine.Delay(TimeSpan.FromHours(1));
            world.Always(written == 1, "it is written once");
        }));
        Assert.StartsWith("Always \"it is written once\"", failure.Message);
        Assert.Contains("fault: late-answer of ", failure.Message);
    }

    [Fact]
    public void A_job_that_is_done_again_after_its_worker_died_is_found_done_twice()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(static async world =>
        {
            world.Faults = SimulationFaults.WorkerDeath;
            await using var executor = world.AddExecutor("mailers");
            var sent = 0;
            for (var isSent = false; !isSent;)
            {
                try
                {
                    await executor.RunAsync(() => sent++);
                    isSent = true;
                }
                catch (IOException)
                {
                    // Again.
                }
            }

            world.Always(sent == 1, "it is sent once");
        }));
        Assert.StartsWith("Always \"it is sent once\"", failure.Message);
        Assert.Equal("worker-death@mailers*1#1 is 2", failure.Recording);
    }

    [Fact]
    public void A_call_without_a_limit_is_found_when_its_worker_never_answers()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(static async world =>
        {
            world.Faults = SimulationFaults.WorkerSilence;
            await Coroutine.ToThread(static () => 1);
        }));
        Assert.StartsWith("Deadlock", failure.Message);
        Assert.Contains("after the last step: fault: no-answer of ", failure.Message);
        Assert.EndsWith("#1 is 1", failure.Recording);
    }

    [Fact]
    public void What_a_crashed_host_has_called_does_not_run_any_more()
        => Explore(async world =>
        {
            var executor = world.AddExecutor("workers", workers: 1);
            var host = world.AddHost("host");
            var (ran, ranLate) = (false, false);
            var first = LoopTask.Start(async () => await executor.RunAsync(static () => 1));
            var second = LoopTask.Start(host.RunAsync(async () => await executor.RunAsync(() =>
            {
                ran = true;
                ranLate = !host.IsUp;
            })));
            await first;
            host.Crash();
            try
            {
                await second;
            }
            catch (HostCrashedException)
            {
                world.Sometimes(!ran, "it never ran");
            }

            await Coroutine.Delay(TimeSpan.FromMinutes(1));
            Assert.False(ranLate);
        });

    [Fact]
    public void Where_others_may_take_part_threads_are_threads()
    {
        var own = Environment.CurrentManagedThreadId;
        var others = new ConcurrentBag<int>();
        try
        {
            Simulation.Explore(() => Coroutine.ToThread(() => others.Add(Environment.CurrentManagedThreadId)), new() { Runs = 5, AllowOutside = true });
        }
        catch (SimulationFailedException)
        {
            // A thread may be done before anybody waits for it, or after: then two runs are not the same.
        }

        Assert.NotEmpty(others);
        Assert.DoesNotContain(own, others);
        Simulation.Explore(async () => Assert.Equal(own, await Coroutine.ToThread(static () => Environment.CurrentManagedThreadId)), new() { Runs = 5 });
    }

    [Fact]
    public void Runs_with_all_faults_of_workers_are_the_same_each_time()
    {
        var (one, other) = (Explore(), Explore());
        Assert.Equal(one.Hash, other.Hash);
        Assert.All(one.Struck.Values, static times => Assert.True(times > 0));

        static SimulationSummary Explore() => Simulation.Explore(
            static async world =>
            {
                world.Faults = SimulationFaults.Workers;
                var executor = world.AddExecutor("workers", workers: 2);
                await Coroutine.WhenAll(from number in Enumerable.Range(0, 4) select TryAsync(number));

                async Coroutine TryAsync(int number)
                {
                    try
                    {
                        await executor.RunAsync(() => number).WithTimeout(TimeSpan.FromSeconds(30));
                    }
                    catch (Exception failure) when (failure is IOException or TimeoutException)
                    {
                        // Dead, late or silent.
                    }
                }
            },
            new() { Runs = 300, Time = Timeout.InfiniteTimeSpan });
    }

    private static void Explore(Func<Coroutine> body) => Explore(_ => body());

    private static void Explore(Func<SimulationWorld, Coroutine> body)
    {
        var summary = Simulation.Explore(body, new() { Runs = 200 });
        Assert.Empty(summary.NeverTrue);
        Assert.Null(summary.FromOutside);
    }
}
