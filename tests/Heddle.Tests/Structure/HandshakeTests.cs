using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

public class HandshakeTests
{
    [Fact]
    public void A_task_that_ends_without_saying_that_it_started_is_an_error_for_its_starter_alone() => VirtualTime.Run(async () =>
    {
        await TaskGroup.RunAsync(async group =>
        {
            var failure = await ThrowsAsync<InvalidOperationException>(async () => await group.StartAsync<int>(_ => Coroutine.Delay(Second), "mute"));
            Assert.Contains("'mute' ended without having said that it started", failure.Message);
            await Coroutine.Delay(Second);
        });
        Assert.Equal(Second * 2, EventLoop.Current.Now);
    });

    [Fact]
    public void Without_a_value_it_works_the_same() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        await TaskGroup.RunAsync(async group =>
        {
            await group.StartAsync(async started =>
            {
                await Coroutine.Delay(Second);
                started.Set();
                await Coroutine.Delay(Second);
                log.Add("task");
            });
            log.Add("starter");
        });
        Assert.Equal(["starter", "task"], log);
    });

    [Fact]
    [Trait("rule", "19")]
    public void Saying_it_twice_is_an_error_in_the_task() => VirtualTime.Run(async () =>
    {
        var failure = await ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
            await group.StartAsync(async started =>
            {
                started.Set();
                started.Set();
            })));
        Assert.Contains("Call Set once", Assert.Single(failure.InnerExceptions).Message);
    });

    [Fact]
    [Trait("rule", "14")]
    public void The_task_is_cancelled_with_the_reason_for_which_its_starter_was() => VirtualTime.Run(async () =>
    {
        string? reason = null;
        await TaskGroup.RunAsync(async group => await CancelScope.RunAsync(async scope =>
        {
            _ = LoopTask.Start(async () =>
            {
                await Coroutine.Delay(Second);
                scope.Cancel("changed my mind");
            });
            await group.StartAsync(async _ => reason = (await ThrowsAsync<ScopeCanceledException>(() => Coroutine.Delay(Hour))).Reason);
        }));
        Assert.Equal("changed my mind", reason);
        Assert.Equal(Second, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "13")]
    public void A_value_that_was_given_is_not_lost_to_a_cancellation_in_the_same_turn() => VirtualTime.Run(async () =>
    {
        var received = 0;
        await TaskGroup.RunAsync(async group => await CancelScope.RunAsync(async scope => received = await group.StartAsync<int>(async started =>
        {
            await Coroutine.Delay(Second);
            started.Set(3);
            scope.Cancel();
        })));
        Assert.Equal(3, received);
    });

    [Fact]
    [Trait("pitfall", "10")]
    public void On_a_closed_group_nothing_of_the_task_runs() => VirtualTime.Run(async () =>
    {
        TaskGroup? closed = null;
        await TaskGroup.RunAsync(async group => closed = group);
        var ran = false;
        await ThrowsAsync<InvalidOperationException>(async () => await closed!.StartAsync(async started =>
        {
            ran = true;
            started.Set();
        }));
        await Coroutine.Delay(Second);
        Assert.False(ran);
    });

    [Fact]
    public void Cancelling_the_group_ends_a_task_that_has_not_started_and_its_starter() => VirtualTime.Run(async () =>
    {
        await TaskGroup.RunAsync(async group =>
        {
            _ = group.Start(async () =>
            {
                await Coroutine.Delay(Second);
                group.Cancel();
            });
            await group.StartAsync(_ => Coroutine.Delay(Hour));
            Assert.Fail("It went on.");
        });
        Assert.Equal(Second, EventLoop.Current.Now);
    });

    [Fact]
    public void A_child_that_starts_although_it_was_cancelled_lets_its_starter_go_on() => VirtualTime.Run(async () =>
    {
        var isToldToStop = new CoroutineSource<bool>();
        await TaskGroup.RunAsync(group => CancelScope.MoveOnAfterAsync(Second, async scope =>
        {
            Assert.Equal(7, await group.StartAsync<int>(started => CancelScope.ShieldAsync(async () =>
            {
                await Coroutine.Delay(Second * 2);
                started.Set(7);
                await isToldToStop;
            })));
            Assert.Equal(Second * 2, EventLoop.Current.Now);
            Assert.True(scope.IsCanceled);
            isToldToStop.SetResult(true);
        }));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "17")]
    public void A_failure_before_the_start_is_the_starters_although_it_was_cancelled(bool movesOn)
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                var failure = await ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
                {
                    Func<CancelScope, Coroutine> start = _ => group.StartAsync(_ => FailWhenCancelledAsync(new FormatException("clean-up failed")));
                    if (movesOn)
                    {
                        await CancelScope.MoveOnAfterAsync(Second, start);
                    }
                    else
                    {
                        await CancelScope.WithTimeoutAsync(Second, start);
                    }
                }));
                Assert.IsType<FormatException>(Assert.Single(failure.InnerExceptions));
            },
            new() { OnReport = reports.Add });
        Assert.Empty(reports);
    }

    [Fact]
    public void A_value_that_is_given_after_the_cancellation_in_the_same_turn_is_not_lost() => VirtualTime.Run(async () =>
    {
        var received = 0;
        await TaskGroup.RunAsync(async group => await CancelScope.RunAsync(async scope => received = await group.StartAsync<int>(async started =>
        {
            await Coroutine.Delay(Second);
            scope.Cancel();
            started.Set(3);
        })));
        Assert.Equal(3, received);
    });
}
