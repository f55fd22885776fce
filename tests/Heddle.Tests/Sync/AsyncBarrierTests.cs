using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Sync;

public class AsyncBarrierTests
{
    [Fact]
    public void All_go_on_when_the_last_one_has_come_each_with_its_own_number() => VirtualTime.Run(async () =>
    {
        var barrier = new AsyncBarrier(3);
        for (var round = 0; round < 3; round++)
        {
            var tasks = Enumerable.Range(0, 3).Select(i => LoopTask.Start(barrier.WaitAsync())).ToArray();
            Assert.Equal((0, 1, 2), (await tasks[0], await tasks[1], await tasks[2]));
        }

        Assert.Equal(0, await new AsyncBarrier(1).WaitAsync());
        Assert.Equal(new BarrierStatistics { ParticipantCount = 3 }, barrier.Statistics);
    });

    [Fact]
    [Trait("pitfall", "18")]
    public void One_who_is_cancelled_while_waiting_leaves_and_the_numbers_stay_without_gap_or_double() => VirtualTime.Run(async () =>
    {
        for (var mask = 0; mask < 8; mask++)
        {
            var barrier = new AsyncBarrier(4);
            var tasks = Enumerable.Range(0, 3).Select(_ => LoopTask.Start(barrier.WaitAsync())).ToList();
            await Expect.SettleAsync();
            for (var i = 0; i < 3; i++)
            {
                if ((mask & (1 << i)) != 0)
                {
                    tasks[i].Cancel();
                }
            }

            var left = tasks.Where((_, i) => (mask & (1 << i)) == 0).ToList();
            Assert.Equal(left.Count, barrier.Statistics.Waiters);
            while (left.Count < 4)
            {
                Assert.DoesNotContain(left, task => task.IsCompleted);
                left.Add(LoopTask.Start(barrier.WaitAsync()));
                await Expect.SettleAsync();
            }

            foreach (var (task, number) in left.Zip(Enumerable.Range(0, 4)))
            {
                Assert.Equal(number, await task);
            }
        }
    });

    [Fact]
    [Trait("pitfall", "18")]
    public void One_who_is_cancelled_after_the_last_one_came_has_passed_and_disturbs_no_round() => VirtualTime.RunInOrder(async () =>
    {
        var barrier = new AsyncBarrier(2);
        var log = new List<int>();
        var passed = LoopTask.Start(async () =>
        {
            log.Add(await barrier.WaitAsync());
            await Coroutine.Yield();
        });
        await Coroutine.Yield();
        Assert.Equal(1, await barrier.WaitAsync());
        passed.Cancel();
        var next = LoopTask.Start(barrier.WaitAsync());
        await LoopTask.WhenAny(passed);
        Assert.Equal([0], log);
        Assert.True(passed.IsCanceled);
        Assert.False(next.IsCompleted);
        Assert.Equal(1, await barrier.WaitAsync());
        Assert.Equal(0, await next);
    });

    [Fact]
    [Trait("pitfall", "18")]
    public void A_reset_fails_those_who_wait_and_the_next_round_is_whole() => VirtualTime.Run(async () =>
    {
        var barrier = new AsyncBarrier(2);
        var waiter = LoopTask.Start(barrier.WaitAsync());
        await Expect.SettleAsync();
        barrier.Reset();
        Assert.Contains("was reset", (await ThrowsAsync<BrokenBarrierException>(async () => await waiter)).Message);
        var next = LoopTask.Start(barrier.WaitAsync());
        await Expect.SettleAsync();
        Assert.Equal(1, await barrier.WaitAsync());
        Assert.Equal(0, await next);
    });

    [Fact]
    [Trait("pitfall", "18")]
    public void A_reset_in_the_turn_in_which_the_last_one_came_fails_nobody() => VirtualTime.Run(async () =>
    {
        var barrier = new AsyncBarrier(2);
        var waiter = LoopTask.Start(barrier.WaitAsync());
        await Expect.SettleAsync();
        await barrier.WaitAsync();
        barrier.Reset();
        Assert.Equal(0, await waiter);
    });

    [Fact]
    [Trait("pitfall", "18")]
    public void An_aborted_barrier_fails_everyone_until_it_is_reset() => VirtualTime.Run(async () =>
    {
        var barrier = new AsyncBarrier(2);
        var waiter = LoopTask.Start(barrier.WaitAsync());
        await Expect.SettleAsync();
        barrier.Abort();
        Assert.True(barrier.IsBroken);
        await ThrowsAsync<BrokenBarrierException>(async () => await waiter);
        await ThrowsAsync<BrokenBarrierException>(() => barrier.WaitAsync());
        Assert.Throws<BrokenBarrierException>(() => barrier.TryWait(out _));
        Assert.Equal("AsyncBarrier (aborted)", barrier.ToString());
        barrier.Reset();
        Assert.False(barrier.TryWait(out _));
        waiter = LoopTask.Start(barrier.WaitAsync());
        await Expect.SettleAsync();
        Assert.Equal("AsyncBarrier (1 of 2 waiting)", barrier.ToString());
        Assert.Equal("1 more at a barrier", waiter.WaitsFor);
        Assert.True(barrier.TryWait(out var index));
        Assert.Equal((0, 1), (await waiter, index));
    });

    [Fact]
    [Trait("pitfall", "18")]
    public void Nobody_passes_an_aborted_barrier_not_even_one_who_needs_no_other() => VirtualTime.Run(async () =>
    {
        var barrier = new AsyncBarrier(1);
        barrier.Abort();
        await ThrowsAsync<BrokenBarrierException>(() => barrier.WaitAsync());
        Assert.Throws<BrokenBarrierException>(() => barrier.TryWait(out _));
        barrier.Reset();
        Assert.Equal(0, await barrier.WaitAsync());
    });

    [Fact]
    public void A_barrier_for_nobody_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncBarrier(0));
}
