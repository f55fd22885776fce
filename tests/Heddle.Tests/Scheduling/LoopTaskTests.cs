using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Scheduling;

public class LoopTaskTests
{
    [Fact]
    public void It_can_be_awaited_by_many_and_again_after_its_end() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(ValueAfterAsync(Second, 3));
        async Coroutine<int> JoinAsync() => await task;
        var results = await Coroutine.WhenAll(JoinAsync(), JoinAsync(), JoinAsync());
        Assert.Equal([3, 3, 3], results);
        Assert.Equal(3, await task);
        Assert.Equal(3, task.Result);
        Assert.True(task.IsCompletedSuccessfully);
        Assert.Null(task.WaitsFor);
    });

    [Fact]
    public void Each_await_of_a_failed_task_throws_what_it_failed_with() => VirtualTime.Run(async () =>
    {
        var failure = new FormatException("broken");
        var task = LoopTask.Start(FailAfterAsync(Second, failure), "weak");
        for (var i = 0; i < 3; i++)
        {
            Assert.Same(failure, await ThrowsAsync<FormatException>(async () => await task));
        }

        Assert.True(task.IsFaulted);
        Assert.Same(failure, task.Exception);
        Assert.Equal("weak (failed: broken)", task.ToString());
    });

    [Fact]
    public void The_result_of_a_running_task_is_an_error_and_never_blocks() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(ValueAfterAsync(Second, 1), "slow");
        Assert.Contains("'slow' has not completed", Assert.Throws<InvalidOperationException>(() => task.Result).Message);
        await task;
        var cancelled = LoopTask.Start(ValueAfterAsync(Second, 1));
        cancelled.Cancel("no need");
        await LoopTask.WhenAny(cancelled);
        Assert.Equal("no need", Assert.Throws<LoopTaskCanceledException>(() => cancelled.Result).Reason);
        var failed = LoopTask.Start(Coroutine.FromException<int>(new FormatException()));
        await LoopTask.WhenAny(failed);
        Assert.Throws<FormatException>(() => failed.Result);
    });

    [Fact]
    [Trait("rule", "7")]
    public void A_task_cancelled_before_its_first_step_runs_to_its_first_wait() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        var task = LoopTask.Start(async () =>
        {
            log.Add("begun");
            await Coroutine.Yield();
            log.Add("never");
        });
        task.Cancel("early");
        await LoopTask.WhenAny(task);
        Assert.Equal(["begun"], log);
        Assert.True(task.IsCanceled);
        Assert.Null(task.Exception);
        Assert.EndsWith("(cancelled: early)", task.ToString());
    });

    [Fact]
    [Trait("rule", "8")]
    public void Cancelling_a_task_in_nested_scopes_of_its_own_passes_them_all() => VirtualTime.Run(async () =>
    {
        var passed = 0;
        var task = LoopTask.Start(async () =>
        {
            await CancelScope.RunAsync(async _ =>
            {
                await Coroutine.Delay(Hour).WithTimeout(Hour * 2);
                passed++;
            });
            passed++;
        });
        await Coroutine.Delay(Second);
        task.Cancel("whole");
        var failure = await ThrowsAsync<LoopTaskCanceledException>(async () => await task);
        Assert.Equal("whole", failure.Reason);
        Assert.Equal(0, passed);
        Assert.Equal(Second, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "8")]
    public void An_inner_scope_that_was_cancelled_first_does_not_keep_the_cancellation_of_the_task() => VirtualTime.Run(async () =>
    {
        CancelScope? inner = null;
        var goneOn = false;
        var task = LoopTask.Start(async () =>
        {
            await CancelScope.RunAsync(async scope =>
            {
                inner = scope;
                await Coroutine.Delay(Hour);
            });
            goneOn = true;
        });
        await Coroutine.Yield();
        inner!.Cancel("inner");
        task.Cancel("task");
        Assert.Equal("task", (await ThrowsAsync<LoopTaskCanceledException>(async () => await task)).Reason);
        Assert.False(goneOn);
    });

    [Fact]
    public void Cancelling_a_task_does_not_touch_its_siblings_or_its_group() => VirtualTime.Run(async () =>
    {
        var siblingEnded = false;
        await TaskGroup.RunAsync(async group =>
        {
            var task = group.Start(Coroutine.Delay(Hour));
            _ = group.Start(async () =>
            {
                await Coroutine.Delay(Second * 2);
                siblingEnded = true;
            });
            await Coroutine.Delay(Second);
            task.Cancel();
            Assert.False(group.Scope.IsCanceled);
        });
        Assert.True(siblingEnded);
        Assert.Equal(Second * 2, EventLoop.Current.Now);
    });

    [Fact]
    public void Cancelling_an_ended_task_does_nothing() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(ValueAfterAsync(Second, 1));
        await task;
        task.Cancel("too late");
        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal(1, await task);
    });

    [Fact]
    public void A_task_can_cancel_itself() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(async () =>
        {
            LoopTask.Current!.Cancel("had enough");
            await Coroutine.Yield();
            Assert.Fail("It went on.");
        });
        Assert.Equal("had enough", (await ThrowsAsync<LoopTaskCanceledException>(async () => await task)).Reason);
    });

    [Fact]
    [Trait("rule", "7")]
    public void A_task_that_ends_well_although_it_was_cancelled_has_succeeded() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(async () =>
        {
            await ThrowsAsync<ScopeCanceledException>(() => Coroutine.Delay(Hour));
            return "tidied up";
        });
        await Coroutine.Yield();
        task.Cancel();
        Assert.Equal("tidied up", await task);
    });

    [Fact]
    public void A_failure_in_the_clean_up_of_a_cancelled_task_is_its_failure() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(FailWhenCancelledAsync(new FormatException("mine")));
        await Coroutine.Yield();
        task.Cancel();
        Assert.Equal("mine", (await ThrowsAsync<FormatException>(async () => await task)).Message);
        Assert.True(task.IsFaulted);
    });

    [Fact]
    public void Awaiting_oneself_is_an_error() => VirtualTime.Run(async () =>
    {
        LoopTask? task = null;
        task = LoopTask.Start(async () => await task!, "narcissus");
        Assert.Contains("'narcissus' awaits itself", (await ThrowsAsync<InvalidOperationException>(async () => await task)).Message);
    });

    [Fact]
    public void The_cancelled_wait_for_a_task_leaves_the_task_alone() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(ValueAfterAsync(Second * 2, 1));
        async Coroutine<int> JoinAsync() => await task;
        await ThrowsAsync<TimeoutException>(async () => await JoinAsync().WithTimeout(Second));
        Assert.False(task.IsCompleted);
        Assert.Equal(1, await task);
    });

    [Fact]
    public async Task As_a_task_of_NET_it_can_be_awaited_on_any_thread()
    {
        Task<int>? good = null;
        Task? bad = null;
        Task? canceled = null;
        Task? ended = null;
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                good = LoopTask.Start(async Coroutine<int> () =>
                {
                    await Coroutine.Yield();
                    return 7;
                }).AsTask();
                bad = LoopTask.Start(() => Coroutine.FromException(new FormatException())).AsTask();
                var sleeping = LoopTask.Start(Coroutine.Delay(Timeout.InfiniteTimeSpan));
                canceled = sleeping.AsTask();
                sleeping.Cancel();
                var over = LoopTask.Start(Coroutine.Yield());
                await over;
                ended = over.AsTask();
                Assert.True(ended.IsCompletedSuccessfully);
                Assert.Equal(7, await good);
            },
            new() { OnReport = reports.Add });
        Assert.Equal(7, await good!);
        await Assert.ThrowsAsync<FormatException>(() => bad!);
        await Assert.ThrowsAsync<LoopTaskCanceledException>(() => canceled!);
        Assert.Empty(reports);
    }

    [Fact]
    public void A_yield_can_be_handed_over_like_a_coroutine() => VirtualTime.Run(async () =>
    {
        await LoopTask.Start(Coroutine.Yield());
        await LoopTask.Start(() => Coroutine.Yield());
        await Coroutine.WhenAll(Coroutine.Yield(), Coroutine.Delay(TimeSpan.FromSeconds(1)), Coroutine.Yield());
        Assert.Equal(TimeSpan.FromSeconds(1), EventLoop.Current.Now);
    });
}
