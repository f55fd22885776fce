using Heddle.LowLevel;
using Heddle.Testing;

namespace Heddle.Tests.Rules;

/// <summary>Design rules 7 to 14: cancellation.</summary>
public class CancellationRulesTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    [Trait("rule", "7")]
    [Trait("pitfall", "1")]
    public void Every_suspension_in_a_cancelled_scope_throws_again_and_again() => VirtualTime.Run(async () =>
    {
        var refused = 0;
        var ranToItsEnd = await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel("enough");
            for (var i = 0; i < 3; i++)
            {
                try
                {
                    await Coroutine.Delay(s_second);
                }
                catch (ScopeCanceledException)
                {
                    refused++;
                }
            }

            await Coroutine.Yield();
        });
        Assert.Equal(3, refused);
        Assert.False(ranToItsEnd);
        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
        await Coroutine.Delay(s_second);
    });

    [Fact]
    [Trait("rule", "7")]
    public void Cancellation_reaches_a_waiting_task_through_the_ready_queue_and_never_at_once() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        var task = LoopTask.Start(async () =>
        {
            try
            {
                await Coroutine.Delay(s_hour);
            }
            finally
            {
                log.Add("cancelled");
            }
        });
        await Coroutine.Yield();
        task.Cancel();
        log.Add("canceller goes on");
        await LoopTask.WhenAny(task);
        Assert.Equal(["canceller goes on", "cancelled"], log);
    });

    [Fact]
    [Trait("rule", "7")]
    [Trait("pitfall", "1")]
    public void A_task_that_swallows_its_cancellation_is_reported_and_leaves_others_their_turn()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                var swallowed = 0;
                var task = LoopTask.Start(
                    async () =>
                    {
                        while (swallowed < 1000)
                        {
                            try
                            {
                                await Coroutine.Delay(s_second);
                            }
                            catch (OperationCanceledException)
                            {
                                swallowed++;
                            }
                        }
                    },
                    "deaf");
                await Coroutine.Yield();
                task.Cancel("please");
                await Coroutine.Yield();
                await Coroutine.Yield();
                Assert.InRange(swallowed, 1, 300);
                await task;
            },
            new() { OnReport = reports.Add });
        var report = Assert.Single(reports);
        Assert.Equal(LoopReportKind.SwallowedCancellation, report.Kind);
        Assert.Equal("deaf", report.TaskName);
        Assert.Contains("please", report.Message);
    }

    [Fact]
    [Trait("rule", "8")]
    [Trait("pitfall", "2")]
    public void A_scope_swallows_only_its_own_cancellation() => VirtualTime.Run(async () =>
    {
        var innerEnded = false;
        var outer = await CancelScope.RunAsync(async outer =>
        {
            await CancelScope.RunAsync(async _ =>
            {
                outer.Cancel("outer");
                await Coroutine.Yield();
            });
            innerEnded = true;
        });
        Assert.False(outer);
        Assert.False(innerEnded);
    });

    [Fact]
    [Trait("rule", "8")]
    [Trait("pitfall", "4")]
    public void The_end_of_another_task_never_looks_like_ones_own() => VirtualTime.Run(async () =>
    {
        var other = LoopTask.Start(Coroutine.Delay(s_hour), "other");
        other.Cancel("not needed");
        var failure = await CatchAsync<LoopTaskCanceledException>(async () => await other);
        Assert.False(typeof(OperationCanceledException).IsInstanceOfType(failure));
        Assert.Equal("not needed", failure.Reason);
        Assert.Equal((other.Name, other.Id), (failure.TaskName, failure.TaskId));
        Assert.False(CancelScope.Current.IsCanceled);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("rule", "8")]
    [Trait("pitfall", "3")]
    public void A_foreign_cancellation_is_the_scopes_only_if_its_token_was_handed_out(bool handsOut) => VirtualTime.Run(async () =>
    {
        async Coroutine<bool> ThrowForeignAsync() => await CancelScope.RunAsync(async scope =>
        {
            _ = handsOut ? scope.Token : default;
            scope.Cancel();
            throw new TaskCanceledException();
        });

        if (handsOut)
        {
            Assert.False(await ThrowForeignAsync());
        }
        else
        {
            await CatchAsync<TaskCanceledException>(async () => await ThrowForeignAsync());
        }
    });

    [Fact]
    [Trait("rule", "9")]
    public void A_bare_foreign_await_is_like_a_shield() => VirtualTime.Run(async () =>
    {
        var source = new TaskCompletionSource();
        var log = new List<string>();
        var task = LoopTask.Start(async () =>
        {
            await source.Task;
            log.Add("foreign ended");
            await Coroutine.Yield();
            log.Add("never");
        });
        await Coroutine.Yield();
        task.Cancel();
        await Coroutine.Yield();
        Assert.Empty(log);
        source.SetResult();
        await LoopTask.WhenAny(task);
        Assert.Equal(["foreign ended"], log);
        Assert.True(task.IsCanceled);
    });

    [Fact]
    [Trait("rule", "9")]
    [Trait("pitfall", "30")]
    public void A_foreign_wait_can_be_made_abandonable_and_its_late_end_disturbs_nobody() => VirtualTime.Run(async () =>
    {
        var late = new TaskCompletionSource<int>();
        Assert.True((await CancelScope.MoveOnAfterAsync(s_second, async _ => await late.Task.OrCanceled())).IsCanceled);
        var next = new TaskCompletionSource<int>();
        var task = LoopTask.Start(async () => await next.Task.OrCanceled());
        await Coroutine.Yield();
        late.SetResult(1);
        await Coroutine.Delay(s_second);
        Assert.False(task.IsCompleted);
        next.SetResult(2);
        Assert.Equal(2, await task);
        Assert.Equal(0, EventLoop.Current.ForeignWaits);
    });

    [Fact]
    [Trait("rule", "10")]
    [Trait("pitfall", "31")]
    public void A_scopes_token_is_cancelled_between_steps_and_failing_callbacks_go_to_the_handler()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                LoopTask? currentInCallback = null;
                SynchronizationContext? contextInCallback = null;
                var called = false;
                await CancelScope.RunAsync(async scope =>
                {
                    scope.Token.Register(() => throw new InvalidTimeZoneException());
                    scope.Token.Register(() =>
                    {
                        called = true;
                        currentInCallback = LoopTask.Current;
                        contextInCallback = SynchronizationContext.Current;
                    });
                    scope.Cancel();
                    Assert.False(called);
                    await Coroutine.Yield();
                });
                await Coroutine.Yield();
                Assert.True(called);
                Assert.Null(currentInCallback);
                Assert.Null(contextInCallback);
            },
            new() { OnReport = reports.Add });
        Assert.IsType<InvalidTimeZoneException>(Assert.Single(reports).Exception);
    }

    [Fact]
    [Trait("rule", "10")]
    public void A_foreign_token_cancels_the_scope_it_was_given_to() => VirtualTime.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        _ = LoopTask.Start(async () =>
        {
            await Coroutine.Delay(s_second);
            source.Cancel();
        });
        var failure = await CatchAsync<OperationCanceledException>(
            () => CancelScope.WithTokenAsync(source.Token, _ => Coroutine.Delay(s_hour)));
        Assert.Equal(source.Token, failure.CancellationToken);
        Assert.Equal(s_second, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "11")]
    [Trait("pitfall", "5")]
    public void A_timeout_comes_from_the_scope_that_expired_and_from_no_other() => VirtualTime.Run(async () =>
    {
        var failure = await CatchAsync<TimeoutException>(() => CancelScope.WithTimeoutAsync(s_hour, async outer =>
        {
            await CatchAsync<TimeoutException>(() => Coroutine.Delay(s_hour * 2).WithTimeout(s_second));
            Assert.False(outer.IsCanceled);
            await Coroutine.Delay(s_hour).WithTimeout(s_hour * 3);
        }));
        Assert.Contains("3600 s", failure.Message);
    });

    [Fact]
    [Trait("rule", "11")]
    [Trait("pitfall", "6")]
    public void A_result_that_arrived_is_kept_although_the_deadline_passed_at_the_same_moment() => VirtualTime.Run(async () =>
    {
        async Coroutine<int> ValueAsync()
        {
            await Coroutine.Delay(s_second);
            return 7;
        }

        Assert.Equal(7, await ValueAsync().WithTimeout(s_second * 2));
        var source = new CoroutineSource<int>();
        var timer = new Heddle.LowLevel.LoopTimer(EventLoop.Current, () => source.SetResult(8));
        timer.Schedule(s_second);
        async Coroutine<int> FromSourceAsync() => await source;
        Assert.Equal(8, await FromSourceAsync().WithTimeout(s_second));
    });

    [Fact]
    [Trait("rule", "12")]
    [Trait("pitfall", "32")]
    public void Clean_up_in_a_cancelled_scope_runs_under_a_shield() => VirtualTime.Run(async () =>
    {
        var cleaned = false;
        Assert.False(await CancelScope.MoveOnAfterAsync(s_second, async _ =>
        {
            try
            {
                await Coroutine.Delay(s_hour);
            }
            finally
            {
                await CancelScope.ShieldAsync(async () =>
                {
                    await Coroutine.Delay(s_second);
                    cleaned = true;
                });
            }
        }));
        Assert.True(cleaned);
        Assert.Equal(s_second * 2, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "12")]
    public void Leaving_an_enumeration_in_a_cancelled_scope_still_awaits_the_rest() => VirtualTime.Run(async () =>
    {
        var cleaned = 0;
        async Coroutine<int> SlowToEndAsync()
        {
            try
            {
                await Coroutine.Delay(s_hour);
            }
            finally
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(s_second));
                cleaned++;
            }

            return 0;
        }

        Assert.False(await CancelScope.MoveOnAfterAsync(s_second, async _ =>
        {
            await foreach (var task in Coroutine.WhenEach(SlowToEndAsync(), SlowToEndAsync()))
            {
                Assert.Fail($"{task} ended");
            }
        }));
        Assert.Equal(2, cleaned);
    });

    [Fact]
    [Trait("rule", "13")]
    [Trait("pitfall", "6")]
    public void A_result_that_was_handed_over_is_not_lost_to_a_cancellation_in_the_same_turn() => VirtualTime.Run(async () =>
    {
        var source = new CoroutineSource<int>();
        var received = 0;
        var task = LoopTask.Start(async () =>
        {
            received = await source;
            await Coroutine.Yield();
        });
        await Coroutine.Yield();
        source.SetResult(5);
        task.Cancel();
        await LoopTask.WhenAny(task);
        Assert.Equal(5, received);
        Assert.True(task.IsCanceled);
    });

    [Fact]
    [Trait("rule", "14")]
    public void The_exception_carries_the_scope_and_the_reason() => VirtualTime.Run(async () =>
    {
        await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel("the user left");
            scope.Cancel("a later reason");
            var failure = await CatchAsync<ScopeCanceledException>(() => Coroutine.Delay(s_second));
            Assert.Same(scope, failure.Scope);
            Assert.Equal("the user left", failure.Reason);
            Assert.Contains("the user left", failure.Message);
        });
    });

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
