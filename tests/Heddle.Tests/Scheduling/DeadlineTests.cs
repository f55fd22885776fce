using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Scheduling;

public class DeadlineTests
{
    [Theory]
    [InlineData(5, 5)]
    [InlineData(1, 1)]
    [InlineData(null, 100)]
    [Trait("rule", "11")]
    public void A_deadline_can_be_moved_back_and_forth_and_taken_away(int? movedTo, int endsAt) => VirtualTime.Run(async () =>
    {
        var ranToItsEnd = await CancelScope.MoveOnAfterAsync(Second * 3, async scope =>
        {
            Assert.Equal(Second * 3, scope.Deadline);
            scope.Deadline = movedTo is { } seconds ? Second * seconds : null;
            await Coroutine.Delay(Second * 100);
        });
        Assert.Equal(movedTo is null, ranToItsEnd);
        Assert.Equal(Second * endsAt, EventLoop.Current.Now);
    });

    [Fact]
    public void Another_task_can_move_the_deadline_of_a_scope_that_waits() => VirtualTime.Run(async () =>
    {
        CancelScope? waitingScope = null;
        var keeper = LoopTask.Start(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await Coroutine.Delay(Second);
                waitingScope!.CancelAfter(Second * 2);
            }
        });
        await ThrowsAsync<TimeoutException>(() => CancelScope.WithTimeoutAsync(Second * 2, async scope =>
        {
            waitingScope = scope;
            await Coroutine.Delay(Hour);
        }));
        Assert.True(keeper.IsCompletedSuccessfully);
        Assert.Equal(Second * 12, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "7")]
    public void A_deadline_in_the_past_cancels_at_once_and_the_next_wait_throws() => VirtualTime.Run(async () =>
    {
        await Coroutine.Delay(Second * 5);
        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            scope.Deadline = Second;
            Assert.True(scope.IsCanceled);
            Assert.Equal("its deadline passed", scope.Reason);
            await Coroutine.Yield();
        }));
        Assert.Equal(Second * 5, EventLoop.Current.Now);
    });

    [Fact]
    public void A_deadline_moved_after_it_has_passed_changes_nothing() => VirtualTime.Run(async () =>
    {
        await ThrowsAsync<TimeoutException>(() => CancelScope.WithTimeoutAsync(Second, async scope =>
        {
            await ThrowsAsync<ScopeCanceledException>(() => Coroutine.Delay(Hour));
            scope.Deadline = Second * 10;
            Assert.True(scope.IsCanceled);
            await Coroutine.Delay(Second);
        }));
        Assert.Equal(Second, EventLoop.Current.Now);
    });

    [Fact]
    public void A_timeout_of_zero_ends_the_body_at_its_first_wait() => VirtualTime.Run(async () =>
    {
        var begun = false;
        await ThrowsAsync<TimeoutException>(() => CancelScope.WithTimeoutAsync(TimeSpan.Zero, async _ =>
        {
            begun = true;
            await Coroutine.Yield();
            Assert.Fail("It waited.");
        }));
        Assert.True(begun);
    });

    [Fact]
    public void An_infinite_timeout_never_expires() => VirtualTime.Run(async () =>
    {
        Assert.True(await CancelScope.MoveOnAfterAsync(Timeout.InfiniteTimeSpan, async scope =>
        {
            Assert.Null(scope.Deadline);
            await Coroutine.Delay(TimeSpan.FromDays(1000));
        }));
        Assert.True(await CancelScope.MoveOnAfterAsync(TimeSpan.MaxValue, _ => Coroutine.Delay(TimeSpan.FromDays(1000))));
    });

    [Fact]
    [Trait("rule", "11")]
    [Trait("pitfall", "5")]
    public void Of_two_scopes_that_expire_at_the_same_moment_the_outer_one_times_out() => VirtualTime.Run(async () =>
    {
        var passedInner = false;
        var failure = await ThrowsAsync<TimeoutException>(() => CancelScope.WithTimeoutAsync(Second * 2, async outer =>
        {
            await Coroutine.Delay(Second);
            await CancelScope.MoveOnAfterAsync(Second, _ => Coroutine.Delay(Hour));
            passedInner = true;
            await Coroutine.Yield();
        }));
        Assert.Contains("2 s", failure.Message);
        Assert.False(passedInner);
    });

    [Fact]
    [Trait("rule", "11")]
    [Trait("pitfall", "5")]
    public void A_deadline_that_passes_after_a_cancellation_from_outside_is_no_timeout() => VirtualTime.Run(async () =>
    {
        Assert.False(await CancelScope.MoveOnAfterAsync(Second, async _ => await CancelScope.WithTimeoutAsync(Second * 2, async _ =>
        {
            try
            {
                await Coroutine.Delay(Hour);
            }
            finally
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(Second * 5));
            }
        })));
        Assert.Equal(Second * 6, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "11")]
    public void A_scope_with_a_result_that_is_cancelled_by_hand_throws_its_cancellation() => VirtualTime.Run(async () =>
    {
        var failure = await ThrowsAsync<ScopeCanceledException>(async () => await CancelScope.WithTimeoutAsync(Hour, async scope =>
        {
            scope.Cancel("by hand");
            return await ValueAfterAsync(Second, 1);
        }));
        Assert.Equal("by hand", failure.Reason);
    });

    [Fact]
    [Trait("pitfall", "6")]
    public void A_failure_at_the_deadline_is_not_hidden_by_the_timeout() => VirtualTime.Run(async () =>
    {
        var failure = await ThrowsAsync<FormatException>(() => FailWhenCancelledAsync(new FormatException("mine")).WithTimeout(Second));
        Assert.Equal("mine", failure.Message);
    });

    [Fact]
    public void A_scope_that_was_left_leaves_no_timer() => VirtualTime.Run(async () =>
    {
        for (var i = 0; i < 1000; i++)
        {
            await ValueAfterAsync(TimeSpan.Zero, i).WithTimeout(Hour);
        }

        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
        Assert.Contains("0 timers", EventLoop.Current.ToString());
    });

    [Fact]
    public void A_negative_time_is_refused() => VirtualTime.Run(() => CancelScope.RunAsync(async scope =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => scope.CancelAfter(-Second));
        Assert.False(scope.IsCanceled);
        await Coroutine.Yield();
    }));

    [Fact]
    public void The_time_that_remains_is_told() => VirtualTime.Run(() => CancelScope.RunAsync(async scope =>
    {
        Assert.Null(scope.Remaining);
        scope.CancelAfter(Second * 3);
        await Coroutine.Delay(Second);
        Assert.Equal(Second * 2, scope.Remaining);
        scope.Deadline = EventLoop.Current.Now - Second;
        Assert.Equal(TimeSpan.Zero, scope.Remaining);
    }));

    [Theory]
    [InlineData(30, "30 s")]
    [InlineData(0.25, "0.25 s")]
    public void A_time_out_says_how_long_there_was(double moved, string told) => VirtualTime.Run(async () =>
    {
        var failure = await ThrowsAsync<TimeoutException>(() => CancelScope.WithTimeoutAsync(Second, async scope =>
        {
            scope.CancelAfter(Second * moved);
            await Coroutine.Delay(Hour);
        }));
        Assert.Equal($"The operation did not complete within {told}.", failure.Message);
    });
}
