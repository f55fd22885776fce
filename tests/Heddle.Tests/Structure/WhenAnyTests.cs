using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

public class WhenAnyTests
{
    [Fact]
    public void It_gives_the_task_that_ended_first_and_the_others_run_on() => VirtualTime.Run(async () =>
    {
        var slow = LoopTask.Start(ValueAfterAsync(Second * 2, "slow"));
        var quick = LoopTask.Start(ValueAfterAsync(Second, "quick"));
        Assert.Same(quick, await LoopTask.WhenAny(slow, quick));
        Assert.False(slow.IsCompleted);
        Assert.Equal("slow", await await LoopTask.WhenAny(slow));
    });

    [Fact]
    public void Of_several_that_have_ended_it_is_the_first_in_the_order_given() => VirtualTime.Run(async () =>
    {
        var first = LoopTask.Start(Coroutine.Delay(Second * 2));
        var second = LoopTask.Start(Coroutine.Delay(Second));
        await Coroutine.Delay(Second * 3);
        var running = LoopTask.Start(Coroutine.Delay(Second));
        Assert.Same(first, await LoopTask.WhenAny(running, first, second));
        await running;
    });

    [Fact]
    public void A_task_that_failed_or_was_cancelled_is_given_out_and_not_thrown() => VirtualTime.Run(async () =>
    {
        var failing = LoopTask.Start(Coroutine.FromException(new FormatException()));
        Assert.Same(failing, await LoopTask.WhenAny(failing));
        await ThrowsAsync<FormatException>(async () => await failing);
        var cancelled = LoopTask.Start(Coroutine.Delay(Hour));
        cancelled.Cancel();
        Assert.Same(cancelled, await LoopTask.WhenAny(cancelled));
    });

    [Fact]
    [Trait("rule", "17")]
    public void Seeing_that_a_task_has_ended_is_not_seeing_its_failure()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () => await LoopTask.WhenAny(LoopTask.Start(Coroutine.FromException(new FormatException()), "unseen")),
            new() { OnReport = reports.Add });
        Assert.Equal("unseen", Assert.Single(reports).TaskName);
    }

    [Fact]
    public void Waiting_for_none_is_an_error() => VirtualTime.Run(async () =>
        Assert.Contains("at least one", (await ThrowsAsync<ArgumentException>(async () => await LoopTask.WhenAny())).Message));

    [Fact]
    [Trait("pitfall", "12")]
    public void A_cancelled_wait_leaves_the_tasks_running_and_nothing_registered() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(Coroutine.Delay(Hour));
        var waits = Enumerable.Range(0, 100).Select(_ => AbandonedWaitAsync(task)).ToList();
        foreach (var wait in waits)
        {
            await wait;
        }

        await Coroutine.Delay(Second);
        Assert.False(task.IsCompleted);
        await task;
        await Coroutine.Yield();
    });

    [Fact]
    [Trait("pitfall", "12")]
    public void What_an_abandoned_wait_referred_to_can_be_collected() => VirtualTime.RunInOrder(async () =>
    {
        var longLived = LoopTask.Start(Coroutine.Delay(Hour));
        var others = new List<WeakReference>();
        for (var i = 0; i < 100; i++)
        {
            others.Add(await WaitBesideAsync(longLived));
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        // A pooled frame may still refer to the last few.
        Assert.InRange(others.Count(other => other.IsAlive), 0, 10);
        longLived.Cancel();
    });

    [Fact]
    [Trait("rule", "13")]
    public void A_task_that_runs_on_keeps_nothing_of_the_waits_that_others_have_ended() => VirtualTime.Run(async () =>
    {
        var shutdown = LoopTask.Start(Coroutine.Delay(Hour));
        var results = new List<WeakReference>();
        for (var i = 0; i < 100; i++)
        {
            results.Add(await WaitAsync(shutdown));
        }

        GC.Collect();

        // The last one may still be in a frame that serves again.
        Assert.DoesNotContain(results.SkipLast(1), result => result.IsAlive);
        shutdown.Cancel();

        static async Coroutine<WeakReference> WaitAsync(LoopTask shutdown)
        {
            var own = LoopTask.Start(MakeAsync());
            Assert.Same(own, await LoopTask.WhenAny(shutdown, own));
            return new WeakReference(await own);
        }

        static async Coroutine<object> MakeAsync()
        {
            await Coroutine.Yield();
            return new object();
        }
    });

    [Fact]
    [Trait("rule", "13")]
    public void Waits_on_one_task_by_many_cost_each_the_same()
    {
        var few = BytesForEach(1_000);
        var many = BytesForEach(8_000);
        Assert.InRange(many, 0, few * 2);

        static long BytesForEach(int waiters) => VirtualTime.Run(async () =>
        {
            var shutdown = LoopTask.Start(Coroutine.Delay(Hour));
            var before = GC.GetAllocatedBytesForCurrentThread();
            await TaskGroup.RunAsync(async group =>
            {
                for (var i = 0; i < waiters; i++)
                {
                    group.Start(async () =>
                    {
                        var own = LoopTask.Start(Coroutine.Delay(Second));
                        Assert.Same(own, await LoopTask.WhenAny(shutdown, own));
                    });
                }
            });
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            shutdown.Cancel();
            return bytes / waiters;
        });
    }

    [Fact]
    public void A_task_that_is_given_twice_counts_once() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(Coroutine.Delay(Second));
        Assert.Same(task, await LoopTask.WhenAny(task, task));
        Assert.True(task.IsCompletedSuccessfully);
    });

    private static async Coroutine AbandonedWaitAsync(LoopTask task)
        => Assert.True((await CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(1), async _ => await LoopTask.WhenAny(task))).IsCanceled);

    private static async Coroutine<WeakReference> WaitBesideAsync(LoopTask longLived)
    {
        var other = LoopTask.Start(ValueAfterAsync(TimeSpan.FromMilliseconds(1), new byte[1000]));
        Assert.Same(other, await LoopTask.WhenAny(longLived, other));
        return new WeakReference(other);
    }
}
