using Heddle.Testing;

namespace Heddle.Tests.Rules;

/// <summary>Design rules 15 to 20: failure and virtual time.</summary>
public class FailureRulesTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    [Trait("rule", "15")]
    public void Tasks_of_the_loop_are_reported_cancelled_and_awaited_when_main_ends()
    {
        var reports = new List<LoopReport>();
        var cleaned = false;
        VirtualTime.Run(
            async () =>
            {
                _ = LoopTask.Start(
                    async () =>
                    {
                        try
                        {
                            await Coroutine.Delay(s_hour);
                        }
                        finally
                        {
                            await CancelScope.ShieldAsync(() => Coroutine.Delay(s_second));
                            cleaned = true;
                        }
                    },
                    "straggler");
                await Coroutine.Yield();
            },
            new() { OnReport = reports.Add });
        Assert.True(cleaned);
        var report = Assert.Single(reports);
        Assert.Equal(LoopReportKind.Leftover, report.Kind);
        Assert.Equal("straggler", report.TaskName);
    }

    [Fact]
    [Trait("rule", "15")]
    public void A_failing_task_of_the_loop_harms_no_other() => VirtualTime.Run(
        async () =>
        {
            var other = LoopTask.Start(async () =>
            {
                await Coroutine.Delay(s_second);
                return 1;
            });
            _ = LoopTask.Start(Coroutine.FromException(new InvalidTimeZoneException()));
            Assert.Equal(1, await other);
        },
        new() { OnReport = _ => { } });

    [Fact]
    [Trait("rule", "16")]
    public void The_first_failure_cancels_the_rest_and_all_failures_come_out_in_one_flat_aggregate() => VirtualTime.Run(async () =>
    {
        var ended = new List<string>();
        var failure = await CatchAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
        {
            _ = group.Start(async () =>
            {
                try
                {
                    await Coroutine.Delay(s_hour);
                }
                finally
                {
                    ended.Add("sibling");
                }
            });
            _ = group.Start(async () => await TaskGroup.RunAsync(async inner =>
            {
                _ = inner.Start(Coroutine.FromException(new InvalidTimeZoneException("first")));
                try
                {
                    await Coroutine.Delay(s_hour);
                }
                finally
                {
                    throw new FormatException("second");
                }
            }));
            await Coroutine.Delay(s_hour);
        }));
        Assert.Equal(["sibling"], ended);
        Assert.Equal(["first", "second"], failure.InnerExceptions.Select(e => e.Message).Order());
        Assert.True(failure.TryFind<FormatException>(out var found));
        Assert.Equal("second", found.Message);
        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "16")]
    public void A_childs_failure_fails_its_group_even_if_someone_caught_it() => VirtualTime.Run(async () =>
    {
        var failure = await CatchAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
        {
            var child = group.Start(Coroutine.FromException(new InvalidTimeZoneException("child")));
            await CancelScope.ShieldAsync(async () => await CatchAsync<InvalidTimeZoneException>(async () => await child));
        }));
        Assert.Equal("child", Assert.Single(failure.InnerExceptions).Message);
    });

    [Fact]
    [Trait("rule", "16")]
    [Trait("pitfall", "10")]
    public void Starting_on_a_closed_group_disposes_of_the_coroutine_and_throws() => VirtualTime.Run(async () =>
    {
        TaskGroup? closed = null;
        await TaskGroup.RunAsync(async group => closed = group, new() { Name = "crew" });
        var ran = false;
        async Coroutine BodyAsync() => ran = true;
        var coroutine = BodyAsync();
        var failure = Assert.Throws<InvalidOperationException>(() => { _ = closed!.Start(coroutine); });
        Assert.Contains("crew", failure.Message);
        await Coroutine.Delay(s_second);
        Assert.False(ran);
        Assert.Throws<InvalidOperationException>(() => coroutine.GetAwaiter());
    });

    [Fact]
    [Trait("rule", "17")]
    public void A_failure_that_nobody_awaits_reaches_the_handler_with_the_tasks_name()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                var awaitedLater = LoopTask.Start(Coroutine.FromException(new InvalidTimeZoneException()), "awaited later");
                _ = LoopTask.Start(Coroutine.FromException(new FormatException("lost")), "forgotten");
                await Coroutine.Delay(s_second);
                await CatchAsync<InvalidTimeZoneException>(async () => await awaitedLater);
                await Coroutine.Delay(s_hour);
                Assert.Single(reports);
            },
            new() { OnReport = reports.Add });
        var report = Assert.Single(reports);
        Assert.Equal(LoopReportKind.UnhandledFailure, report.Kind);
        Assert.Equal("forgotten", report.TaskName);
        Assert.IsType<FormatException>(report.Exception);
    }

    [Fact]
    [Trait("rule", "17")]
    [Trait("pitfall", "7")]
    public void What_WhenAll_and_Race_cannot_throw_reaches_the_handler()
    {
        static async Coroutine FailLateAsync(string message)
        {
            try
            {
                await Coroutine.Delay(s_hour);
            }
            finally
            {
                throw new FormatException(message);
            }
        }

        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                await CatchAsync<InvalidTimeZoneException>(() => Coroutine.WhenAll(
                    Coroutine.FromException(new InvalidTimeZoneException()), FailLateAsync("of WhenAll")));
                await Coroutine.Race(Coroutine.Delay(s_second), FailLateAsync("of Race"));
            },
            new() { OnReport = reports.Add });
        Assert.Equal(["of WhenAll", "of Race"], reports.Select(r => r.Exception!.Message));
    }

    [Fact]
    [Trait("rule", "18")]
    [Trait("pitfall", "27")]
    public void Blocking_the_loop_on_its_own_work_throws()
    {
        var options = new VirtualTimeOptions { BlockingGrace = TimeSpan.FromMilliseconds(50) };
        VirtualTime.Run(
            async () =>
            {
                static async Task<int> WorkAsync()
                {
                    await Coroutine.Yield();
                    return 1;
                }

                var failure = Assert.Throws<InvalidOperationException>(() => WorkAsync().Result);
                Assert.Contains("await", failure.Message);
                Assert.Contains("main", failure.Message);
                Assert.Equal(1, await WorkAsync());
            },
            options);
    }

    [Fact]
    [Trait("rule", "18")]
    [Trait("pitfall", "27")]
    public void Waiting_for_another_threads_lock_does_not_throw()
    {
        var options = new VirtualTimeOptions { BlockingGrace = TimeSpan.FromMilliseconds(50) };
        VirtualTime.Run(
            async () =>
            {
                await Coroutine.Yield();
                var gate = new object();
                using var held = new ManualResetEventSlim();
                var holder = new Thread(() =>
                {
                    lock (gate)
                    {
                        held.Set();

                        // Real: another thread holds a lock for several graces while the loop has nothing else to do.
                        Thread.Sleep(200);
                    }
                });
                holder.Start();

                // Real: it is another thread that has to hold the lock first.
                held.Wait(CancellationToken.None);
                var entered = false;
                lock (gate)
                {
                    entered = true;
                }

                holder.Join();
                Assert.True(entered);
            },
            options);
    }

    [Fact]
    [Trait("rule", "19")]
    public void Errors_say_what_happened_and_what_to_do()
    {
        VirtualTime.Run(async () =>
        {
            var nested = Assert.Throws<InvalidOperationException>(() => EventLoop.Run(Coroutine.Completed));
            Assert.Contains("Await the coroutine instead", nested.Message);
            var loop = EventLoop.Current;
            var scope = CancelScope.Current;
            var wrongThread = await CatchAsync<InvalidOperationException>(async () => await Task.Run(() => scope.Cancel(), CancellationToken.None));
            Assert.Contains("loop.Post", wrongThread.Message);
            Assert.Throws<ArgumentOutOfRangeException>(() => (object)Coroutine.Delay(TimeSpan.FromSeconds(-2)));
        });
    }

    [Fact]
    [Trait("rule", "20")]
    public void The_clock_jumps_when_all_tasks_sleep() => VirtualTime.Run(async () =>
    {
        var order = new List<int>();
        await Coroutine.WhenAll(new[] { 3, 1, 2 }.Select(async Coroutine (n) =>
        {
            await Coroutine.Delay(TimeSpan.FromDays(n));
            order.Add(n);
        }));
        Assert.Equal([1, 2, 3], order);
        Assert.Equal(TimeSpan.FromDays(3), EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "20")]
    public void The_clock_waits_for_a_foreign_await_that_ends_within_the_grace() => VirtualTime.Run(
        async () =>
        {
            var sleeper = LoopTask.Start(async () =>
            {
                await Coroutine.Delay(s_hour);
                return EventLoop.Current.Now;
            });
            await Task.Run(() => { }, CancellationToken.None);
            Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
            Assert.Equal(s_hour, await sleeper);
        },
        new() { IdleGrace = TimeSpan.FromSeconds(10) });

    [Fact]
    [Trait("rule", "20")]
    public void A_strict_run_fails_and_lists_the_foreign_awaits()
    {
        var source = new TaskCompletionSource();
        var failure = Assert.Throws<ForeignWaitException>(() => VirtualTime.Run(
            async () =>
            {
                _ = LoopTask.Start(Coroutine.Delay(s_hour), "sleeper");
                await source.Task.OrCanceled();
            },
            new() { Strict = true, OnReport = _ => { } }));
        Assert.Contains("'main' waits for something foreign", failure.Message);
    }

    [Fact]
    [Trait("rule", "20")]
    public void A_run_in_which_nothing_can_wake_fails_and_says_what_each_task_waits_for()
    {
        var cleaned = false;
        var failure = Assert.Throws<DeadlockException>(() => VirtualTime.Run(async () =>
        {
            var never = new CoroutineSource<int>();
            try
            {
                await TaskGroup.RunAsync(async group =>
                {
                    _ = group.Start(async () => await never, "stuck");
                });
            }
            finally
            {
                cleaned = true;
            }
        }));
        Assert.Contains("'stuck' waits for a CoroutineSource<int>", failure.Message);
        Assert.Contains("'main' waits for the 1 tasks", failure.Message);
        Assert.True(cleaned);
    }

    private static async Coroutine<TException> CatchAsync<TException>(Func<Coroutine> body)
        where TException : Exception
    {
        try
        {
            await body();
        }
        catch (TException failure)
        {
            return failure;
        }

        throw new Xunit.Sdk.XunitException($"No {typeof(TException).Name} was thrown.");
    }
}
