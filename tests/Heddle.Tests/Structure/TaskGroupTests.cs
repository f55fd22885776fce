using Heddle.Testing;

namespace Heddle.Tests.Structure;

public class TaskGroupTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public void Cancelling_the_group_ends_body_and_tasks_quietly() => VirtualTime.Run(async () =>
    {
        LoopTask? child = null;
        await TaskGroup.RunAsync(async group =>
        {
            child = group.Start(Coroutine.Delay(s_hour));
            _ = group.Start(async () =>
            {
                await Coroutine.Delay(s_second);
                group.Cancel("done");
            });
            await Coroutine.Delay(s_hour);
        });
        Assert.True(child!.IsCanceled);
        Assert.Equal(s_second, EventLoop.Current.Now);
    });

    [Fact]
    public void A_cancellation_from_outside_goes_on_when_the_group_has_ended() => VirtualTime.Run(async () =>
    {
        var goneOn = false;
        Assert.False(await CancelScope.MoveOnAfterAsync(s_second, async scope =>
        {
            await TaskGroup.RunAsync(async group => { _ = group.Start(Coroutine.Delay(s_hour)); });
            goneOn = true;
        }));
        Assert.False(goneOn);
    });

    [Fact]
    public void At_most_so_many_tasks_run_at_once_in_the_order_of_their_start() => VirtualTime.RunInOrder(async () =>
    {
        var running = 0;
        var most = 0;
        var order = new List<int>();
        await TaskGroup.RunAsync(
            async group =>
            {
                for (var i = 0; i < 10; i++)
                {
                    var n = i;
                    _ = group.Start(async () =>
                    {
                        order.Add(n);
                        most = Math.Max(most, ++running);
                        await Coroutine.Delay(s_second);
                        running--;
                    });
                }
            },
            new() { MaxConcurrency = 3 });
        Assert.Equal(3, most);
        Assert.Equal(Enumerable.Range(0, 10), order);
        Assert.Equal(s_second * 4, EventLoop.Current.Now);
    });

    [Fact]
    public void A_task_that_still_waits_for_its_turn_never_starts_when_the_group_is_cancelled() => VirtualTime.Run(async () =>
    {
        var started = 0;
        var tasks = new List<LoopTask>();
        await TaskGroup.RunAsync(
            async group =>
            {
                for (var i = 0; i < 10; i++)
                {
                    tasks.Add(group.Start(async () =>
                    {
                        started++;
                        await Coroutine.Delay(s_hour);
                    }));
                }

                await Coroutine.Delay(s_second);
                tasks[5].Cancel("this one first");
                group.Cancel();
            },
            new() { MaxConcurrency = 2 });
        Assert.Equal(2, started);
        Assert.All(tasks, task => Assert.True(task.IsCanceled));
    });

    [Fact]
    public void A_waiting_task_that_was_cancelled_alone_leaves_its_place_to_the_next() => VirtualTime.Run(async () =>
    {
        var log = new List<int>();
        await TaskGroup.RunAsync(
            async group =>
            {
                var tasks = new List<LoopTask>();
                for (var i = 0; i < 4; i++)
                {
                    var n = i;
                    tasks.Add(group.Start(async () =>
                    {
                        log.Add(n);
                        await Coroutine.Delay(s_second);
                    }));
                }

                await Coroutine.Yield();
                tasks[1].Cancel();
            },
            new() { MaxConcurrency = 1 });
        Assert.Equal([0, 2, 3], log);
        Assert.Equal(s_second * 3, EventLoop.Current.Now);
    });

    [Fact]
    public void When_it_keeps_going_a_failure_cancels_nobody_and_those_that_nobody_saw_are_thrown() => VirtualTime.Run(async () =>
    {
        var finished = 0;
        var failure = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(
            async group =>
            {
                _ = group.Start(async () =>
                {
                    await Coroutine.Delay(s_second);
                    finished++;
                });
                var seen = group.Start(Coroutine.FromException(new InvalidTimeZoneException("seen")));
                _ = group.Start(Coroutine.FromException(new FormatException("unseen")));
                await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await seen);
            },
            new() { KeepGoing = true }).AsTask());
        Assert.Equal(1, finished);
        Assert.Equal("unseen", Assert.Single(failure.InnerExceptions).Message);
    });

    [Fact]
    public void The_body_that_awaits_a_failed_task_counts_once() => VirtualTime.Run(async () =>
    {
        var failure = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
            await group.Start(Coroutine.FromException(new InvalidTimeZoneException()))).AsTask());
        Assert.Single(failure.InnerExceptions);
    });

    [Fact]
    public void The_bodys_result_is_the_groups() => VirtualTime.Run(async () =>
        Assert.Equal(3, await TaskGroup.RunAsync(async group => await group.Start(Coroutine.FromResult(1)) + 2)));

    [Fact]
    public void A_handshake_gives_the_value_and_leaves_the_task_running() => VirtualTime.Run(async () =>
    {
        await TaskGroup.RunAsync(async group =>
        {
            var port = await group.StartAsync<int>(async started =>
            {
                await Coroutine.Delay(s_second);
                started.Set(8080);
                await Coroutine.Delay(s_hour);
            });
            Assert.Equal(8080, port);
            Assert.Equal(1, group.Count);
            Assert.Equal(s_second, EventLoop.Current.Now);
            group.Cancel();
        });
    });

    [Fact]
    public void A_failure_before_the_handshake_is_thrown_to_the_starter_and_does_not_fail_the_group() => VirtualTime.Run(async () =>
    {
        await TaskGroup.RunAsync(async group =>
        {
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => group.StartAsync(
                _ => Coroutine.FromException(new InvalidTimeZoneException())).AsTask());
            var silent = await Assert.ThrowsAsync<InvalidOperationException>(() => group.StartAsync(_ => Coroutine.Completed).AsTask());
            Assert.Contains("Call Set", silent.Message);
            await Coroutine.Delay(s_second);
        });
    });

    [Fact]
    public void Cancelling_the_wait_for_a_handshake_cancels_the_task_and_waits_for_its_end() => VirtualTime.Run(async () =>
    {
        var ended = false;
        await TaskGroup.RunAsync(async group =>
        {
            Assert.False(await CancelScope.MoveOnAfterAsync(s_second, async _ => await group.StartAsync(async _ =>
            {
                try
                {
                    await Coroutine.Delay(s_hour);
                }
                finally
                {
                    await CancelScope.ShieldAsync(() => Coroutine.Delay(s_second));
                    ended = true;
                }
            })));
            Assert.True(ended);
        });
    });

    [Fact]
    public void A_failure_after_the_handshake_is_the_groups() => VirtualTime.Run(async () =>
    {
        var failure = await Assert.ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
        {
            await group.StartAsync(async started =>
            {
                started.Set();
                await Coroutine.Yield();
                throw new InvalidTimeZoneException();
            });
            await Coroutine.Delay(s_hour);
        }).AsTask());
        Assert.IsType<InvalidTimeZoneException>(Assert.Single(failure.InnerExceptions));
    });

    [Fact]
    [Trait("rule", "7")]
    public void In_a_cancelled_scope_nothing_of_the_body_runs() => VirtualTime.Run(async () =>
    {
        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel();
            await TaskGroup.RunAsync(_ =>
            {
                Assert.Fail("It runs.");
                return Coroutine.Completed;
            });
        }));
    });

    [Fact]
    [Trait("rule", "11")]
    public void The_end_of_a_group_that_nothing_was_cut_short_in_is_no_suspension() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        await CancelScope.RunAsync(async scope =>
        {
            await TaskGroup.RunAsync(async group =>
            {
                await Coroutine.Yield();
                scope.Cancel();
            });
            log.Add("after the group");
            await Coroutine.Yield();
            log.Add("after the next wait");
        });
        Assert.Equal(["after the group"], log);
    });

    [Fact]
    public void A_kept_handle_of_an_ended_task_keeps_nothing_of_its_group() => VirtualTime.Run(async () =>
    {
        var kept = new List<LoopTask<int>>();
        var groups = new List<WeakReference>();
        for (var i = 0; i < 20; i++)
        {
            await RunGroupAsync(kept, groups);
        }

        await Coroutine.Yield();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        // A frame that is free may still refer to the last one.
        Assert.InRange(groups.Count(static options => options.IsAlive), 0, 2);
        Assert.All(kept, static task => Assert.Equal(1, task.Result));

        static async Coroutine RunGroupAsync(List<LoopTask<int>> kept, List<WeakReference> groups)
        {
            var options = new TaskGroupOptions { Name = "short-lived" };
            groups.Add(new(options));
            await TaskGroup.RunAsync(async group => kept.Add(group.Start(Expect.ValueAfterAsync(Expect.Second, 1))), options);
        }
    });
}
