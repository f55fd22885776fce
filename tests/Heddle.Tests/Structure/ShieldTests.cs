using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

public class ShieldTests
{
    [Fact]
    [Trait("rule", "12")]
    public void A_cancellation_during_the_shield_is_met_at_the_first_wait_after_it() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        Assert.False(await CancelScope.MoveOnAfterAsync(Second, async scope =>
        {
            Assert.Equal(7, await CancelScope.ShieldAsync(() => ValueAfterAsync(Second * 2, 7)));
            log.Add($"after the shield, cancelled: {scope.IsCanceled}");
            await Coroutine.Yield();
            log.Add("never");
        }));
        Assert.Equal(["after the shield, cancelled: True"], log);
        Assert.Equal(Second * 2, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "12")]
    public void Inside_a_shield_nothing_is_cancelled_unless_it_is_cancelled_there() => VirtualTime.Run(() => CancelScope.RunAsync(async outer =>
    {
        outer.Cancel();
        await CancelScope.ShieldAsync(async () =>
        {
            Assert.False(CancelScope.Current.IsCanceled);
            Assert.False(await CancelScope.MoveOnAfterAsync(Second, _ => Coroutine.Delay(Hour)));
            await Coroutine.Delay(Second);
        });
        Assert.Equal(Second * 2, EventLoop.Current.Now);
        Assert.True(outer.IsCanceled);
    }));

    [Fact]
    [Trait("rule", "12")]
    public void A_group_in_a_shield_runs_to_its_end() => VirtualTime.Run(async () =>
    {
        var ended = 0;
        Assert.False(await CancelScope.MoveOnAfterAsync(Second, async scope =>
        {
            await CancelScope.ShieldAsync(() => TaskGroup.RunAsync(async group =>
            {
                for (var i = 1; i <= 3; i++)
                {
                    var n = i;
                    _ = group.Start(async () =>
                    {
                        await Coroutine.Delay(Second * n);
                        ended++;
                    });
                }
            }));
            await Coroutine.Yield();
        }));
        Assert.Equal(3, ended);
    });

    [Fact]
    [Trait("rule", "12")]
    public void A_shield_between_two_scopes_keeps_out_only_what_is_further_out() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        Assert.False(await CancelScope.RunAsync(async outer =>
        {
            await CancelScope.ShieldAsync(async () =>
            {
                Assert.False(await CancelScope.RunAsync(async inner =>
                {
                    outer.Cancel("outer");
                    await Coroutine.Yield();
                    log.Add("not by outer");
                    inner.Cancel("inner");
                    await Coroutine.Yield();
                }));
                log.Add("by inner");
                await Coroutine.Yield();
            });
            await Coroutine.Yield();
        }));
        Assert.Equal(["not by outer", "by inner"], log);
    });

    [Fact]
    [Trait("rule", "11")]
    [Trait("rule", "12")]
    public void A_shield_whose_time_is_over_throws_although_the_scope_around_it_is_cancelled() => VirtualTime.Run(async () =>
    {
        Assert.False(await CancelScope.RunAsync(async outer =>
        {
            outer.Cancel();
            await ThrowsAsync<TimeoutException>(() => CancelScope.ShieldAsync(Second, () => Coroutine.Delay(Hour)));
            Assert.Equal(3, await CancelScope.ShieldAsync(Second, () => ValueAfterAsync(Second / 2, 3)));
            await Coroutine.Yield();
        }));
        Assert.Equal(Second * 1.5, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "11")]
    public void A_result_from_a_shield_is_kept_when_the_deadline_around_it_has_passed() => VirtualTime.Run(async () =>
        Assert.Equal(9, await CancelScope.WithTimeoutAsync(Second, _ => CancelScope.ShieldAsync(() => ValueAfterAsync(Second * 2, 9)))));

    [Fact]
    [Trait("rule", "12")]
    public void Cancelling_a_task_does_not_reach_into_its_shield() => VirtualTime.Run(async () =>
    {
        var cleaned = false;
        var task = LoopTask.Start(async () =>
        {
            await CancelScope.ShieldAsync(async () =>
            {
                await Coroutine.Delay(Second);
                cleaned = true;
            });
            await Coroutine.Delay(Hour);
        });
        await Coroutine.Yield();
        task.Cancel("enough");
        await LoopTask.WhenAny(task);
        Assert.True(cleaned);
        Assert.True(task.IsCanceled);
        Assert.Equal(Second, EventLoop.Current.Now);
    });

    [Fact]
    public void A_negative_timeout_is_refused() => VirtualTime.Run(async () =>
    {
        await ThrowsAsync<ArgumentOutOfRangeException>(() => CancelScope.ShieldAsync(-Second, () => Coroutine.Delay(Second)));
        await ThrowsAsync<ArgumentOutOfRangeException>(() => Coroutine.Delay(Second).WithTimeout(-Second));
        await ThrowsAsync<ArgumentOutOfRangeException>(async () => await CancelScope.MoveOnAfterAsync(-Second, _ => Coroutine.Delay(Second)));
        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "11")]
    public void A_deadline_that_the_body_sets_times_out() => VirtualTime.Run(async () =>
    {
        await ThrowsAsync<TimeoutException>(() => CancelScope.ShieldAsync(SleepAsync));
        await ThrowsAsync<TimeoutException>(async () => await CancelScope.ShieldAsync(async Coroutine<int> () =>
        {
            await SleepAsync();
            return 1;
        }));

        static async Coroutine SleepAsync()
        {
            CancelScope.Current.CancelAfter(Second);
            await Coroutine.Delay(Hour);
        }
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "8")]
    public void The_time_out_of_a_clean_up_is_not_taken_for_the_cancellation_around_it(bool isNested) => VirtualTime.Run(async () =>
    {
        await ThrowsAsync<TaskCanceledException>(async () => await CancelScope.RunAsync(async scope =>
        {
            _ = scope.Token;
            scope.Cancel("stop");
            try
            {
                await Coroutine.Yield();
            }
            finally
            {
                await CancelScope.ShieldAsync(async () =>
                {
                    if (isNested)
                    {
                        await CancelScope.ShieldAsync(CleanUpAsync);
                    }
                    else
                    {
                        await CleanUpAsync();
                    }
                });
            }
        }));

        static async Coroutine CleanUpAsync() => await Task.FromCanceled(new CancellationToken(canceled: true));
    });

    [Fact]
    [Trait("rule", "8")]
    public void A_foreign_cancellation_out_of_a_shield_that_carries_the_token_around_it_is_that_cancellation() => VirtualTime.Run(async () =>
    {
        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            var token = scope.Token;
            scope.Cancel("stop");
            await CancelScope.ShieldAsync(async () =>
            {
                await Coroutine.Yield();
                token.ThrowIfCancellationRequested();
            });
        }));
    });
}
