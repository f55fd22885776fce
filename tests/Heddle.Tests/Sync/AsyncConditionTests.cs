using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Sync;

public class AsyncConditionTests
{
    [Fact]
    public void A_wait_gives_the_lock_back_and_has_it_again_when_it_ends() => VirtualTime.Run(async () =>
    {
        var condition = new AsyncCondition();
        var items = new Queue<int>();
        var consumer = LoopTask.Start(async () =>
        {
            using (await condition.LockAsync())
            {
                await condition.WaitUntilAsync(() => items.Count > 0);
                Assert.Equal("consumer", condition.Lock.Statistics.Holder);
                return items.Dequeue();
            }
        }, "consumer");
        await Coroutine.Yield();
        using (await condition.LockAsync())
        {
            items.Enqueue(7);
            condition.Notify();
            await Coroutine.Delay(Second);
            Assert.False(consumer.IsCompleted);
        }

        Assert.Equal(7, await consumer);
        Assert.False(condition.IsLocked);
    });

    [Fact]
    public void So_many_are_notified_as_was_said_in_the_order_of_their_coming() => VirtualTime.Run(async () =>
    {
        var condition = new AsyncCondition();
        var log = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var number = i;
            _ = LoopTask.Start(async () =>
            {
                using (await condition.LockAsync())
                {
                    await condition.WaitAsync();
                    log.Add(number);
                }
            });
        }

        await NotifyAsync(condition, 2);
        Assert.Equal([0, 1], log);
        await NotifyAsync(condition, 0);
        Assert.Equal([0, 1], log);
        await NotifyAsync(condition, int.MaxValue);
        Assert.Equal([0, 1, 2, 3, 4], log);
    });

    [Fact]
    [Trait("pitfall", "15")]
    public void A_wait_that_is_cancelled_has_the_lock_when_it_throws() => VirtualTime.Run(async () =>
    {
        var condition = new AsyncCondition();
        var log = new List<string>();
        var waiter = LoopTask.Start(async () =>
        {
            using (await condition.LockAsync())
            {
                try
                {
                    await condition.WaitAsync();
                }
                catch (ScopeCanceledException canceled)
                {
                    log.Add($"{canceled.Reason}, {condition.Lock.Statistics.Holder} has the lock");
                    throw;
                }
            }
        }, "waiter");
        await Expect.SettleAsync();
        using (await condition.LockAsync())
        {
            waiter.Cancel("first");
            await Coroutine.Delay(Second);
            Assert.False(waiter.IsCompleted);
            Assert.Equal("the lock of a condition", waiter.WaitsFor);
            waiter.Cancel("second");
            await Coroutine.Delay(Second);
            Assert.Empty(log);
        }

        await LoopTask.WhenAny(waiter);
        Assert.Equal(["first, waiter has the lock"], log);
        Assert.True(waiter.IsCanceled);
        Assert.False(condition.IsLocked);
    });

    [Fact]
    [Trait("pitfall", "15")]
    public void A_second_cancellation_on_the_way_back_to_the_lock_does_not_cut_it_short() => VirtualTime.Run(async () =>
    {
        var condition = new AsyncCondition();
        CancelScope? inner = null;
        var hadLock = false;
        var waiter = LoopTask.Start(async () => await CancelScope.RunAsync(async scope =>
        {
            inner = scope;
            using (await condition.LockAsync())
            {
                try
                {
                    await condition.WaitAsync();
                }
                finally
                {
                    hadLock = condition.Lock.Statistics.Holder == "waiter";
                }
            }
        }), "waiter");
        await Expect.SettleAsync();
        using (await condition.LockAsync())
        {
            inner!.Cancel("first");
            await Expect.SettleAsync();
            waiter.Cancel("second");
            await Coroutine.Delay(Second);
            Assert.False(waiter.IsCompleted);
        }

        await LoopTask.WhenAny(waiter);
        Assert.True(hadLock && waiter.IsCanceled);
        Assert.False(condition.IsLocked);
    });

    [Fact]
    [Trait("pitfall", "15")]
    public void A_wait_that_is_cancelled_while_the_lock_is_free_has_it_at_once() => VirtualTime.Run(async () =>
    {
        var condition = new AsyncCondition();
        var hadLock = false;
        var waiter = LoopTask.Start(async () =>
        {
            using (await condition.LockAsync())
            {
                try
                {
                    await condition.WaitAsync();
                }
                finally
                {
                    hadLock = condition.Lock.Statistics.Holder == "waiter";
                }
            }
        }, "waiter");
        await Expect.SettleAsync();
        Assert.False(condition.IsLocked);
        waiter.Cancel();
        Assert.False(condition.TryLock(out _));
        await LoopTask.WhenAny(waiter);
        Assert.True(hadLock);
        Assert.False(condition.IsLocked);
    });

    [Fact]
    [Trait("rule", "7")]
    [Trait("pitfall", "15")]
    public void In_a_cancelled_scope_a_wait_throws_without_letting_the_lock_go() => VirtualTime.Run(async () =>
    {
        var condition = new AsyncCondition();
        using (await condition.LockAsync())
        {
            var other = LoopTask.Start(condition.LockAsync());
            await Coroutine.Yield();
            await CancelScope.RunAsync(async scope =>
            {
                scope.Cancel();
                await ThrowsAsync<ScopeCanceledException>(condition.WaitAsync);
                await ThrowsAsync<ScopeCanceledException>(() => condition.WaitUntilAsync(() => true));
            });
            await Coroutine.Yield();
            Assert.False(other.IsCompleted);
            other.Cancel();
        }
    });

    [Fact]
    [Trait("pitfall", "14")]
    public void A_notification_is_not_spent_on_one_who_was_cancelled_before() => VirtualTime.Run(async () =>
    {
        var condition = new AsyncCondition();
        var woken = new List<string>();
        var tasks = new[] { "ann", "bob" }.Select(name => LoopTask.Start(async () =>
        {
            using (await condition.LockAsync())
            {
                await condition.WaitAsync();
                woken.Add(name);
            }
        }, name)).ToArray();
        await Expect.SettleAsync();
        using (await condition.LockAsync())
        {
            tasks[0].Cancel();
            condition.Notify();
        }

        await tasks[1];
        Assert.Equal(["bob"], woken);
    });

    [Fact]
    [Trait("pitfall", "14")]
    public void One_who_was_notified_and_then_cancelled_has_been_woken_and_has_the_lock() => VirtualTime.Run(async () =>
    {
        var condition = new AsyncCondition();
        var woken = new List<string>();
        var tasks = new[] { "ann", "bob" }.Select(name => LoopTask.Start(async () =>
        {
            using (await condition.LockAsync())
            {
                await condition.WaitAsync();
                Assert.Equal(name, condition.Lock.Statistics.Holder);
                woken.Add(name);
            }
        }, name)).ToArray();
        await Expect.SettleAsync();
        using (await condition.LockAsync())
        {
            condition.Notify();
            tasks[0].Cancel();
            await Coroutine.Delay(Second);
            tasks[0].Cancel();
        }

        await LoopTask.WhenAny(tasks[0]);
        Assert.Equal(["ann"], woken);
        Assert.Equal(1, condition.Statistics.Waiters);
        await NotifyAsync(condition, 1);
        Assert.Equal(["ann", "bob"], woken);
    });

    [Fact]
    public void A_releaser_stays_good_over_a_wait_in_which_others_had_the_lock() => VirtualTime.Run(async () =>
    {
        var condition = new AsyncCondition();
        Releaser stale = default;
        var waiter = LoopTask.Start(async () =>
        {
            var releaser = await condition.LockAsync();
            stale = releaser;
            await condition.WaitAsync();
            releaser.Dispose();
            Assert.False(condition.IsLocked);
        });
        await Expect.SettleAsync();
        using (await condition.LockAsync())
        {
            // While the waiter has lent the lock out, its releaser does nothing.
            stale.Dispose();
            Assert.Equal("main", condition.Lock.Statistics.Holder);
            condition.NotifyAll();
        }

        await waiter;
    });

    [Fact]
    [Trait("rule", "19")]
    public void Without_the_lock_waiting_and_notifying_throw() => VirtualTime.Run(async () =>
    {
        var condition = new AsyncCondition();
        Assert.Contains("AsyncCondition.Notify was called, but nobody has the lock", Assert.Throws<InvalidOperationException>(() => condition.Notify()).Message);
        await ThrowsAsync<InvalidOperationException>(condition.WaitAsync);
        await ThrowsAsync<InvalidOperationException>(() => condition.WaitUntilAsync(() => true));
        var holder = LoopTask.Start(async () =>
        {
            using (await condition.LockAsync())
            {
                await Coroutine.Delay(Second);
            }
        }, "holder");
        await Coroutine.Yield();
        await ThrowsAsync<InvalidOperationException>(condition.WaitAsync);
        Assert.Throws<InvalidOperationException>(condition.NotifyAll);
        await holder;
        Assert.False(condition.IsLocked);
    });

    [Fact]
    public void Two_conditions_can_share_a_lock() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        var (notEmpty, notFull) = (new AsyncCondition(gate), new AsyncCondition(gate));
        var items = new Queue<int>();
        var got = new List<int>();
        async Coroutine PutAsync()
        {
            for (var i = 0; i < 10; i++)
            {
                using (await gate.LockAsync())
                {
                    await notFull.WaitUntilAsync(() => items.Count < 2);
                    items.Enqueue(i);
                    notEmpty.Notify();
                }
            }
        }

        async Coroutine GetAsync()
        {
            for (var i = 0; i < 10; i++)
            {
                using (await notEmpty.LockAsync())
                {
                    await notEmpty.WaitUntilAsync(() => items.Count > 0);
                    got.Add(items.Dequeue());
                    notFull.Notify();
                }
            }
        }

        await Coroutine.WhenAll(PutAsync(), GetAsync());
        Assert.Equal(Enumerable.Range(0, 10), got);
        Assert.Equal("AsyncCondition (0 waiting, AsyncLock (free))", notFull.ToString());
        Assert.Equal(default(ConditionStatistics), notEmpty.Statistics);
    });

    private static async Coroutine NotifyAsync(AsyncCondition condition, int count)
    {
        await Coroutine.Delay(Second);
        using (await condition.LockAsync())
        {
            condition.Notify(count);
        }

        await Coroutine.Delay(Second);
    }
}
