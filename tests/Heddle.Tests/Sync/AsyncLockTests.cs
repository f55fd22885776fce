using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Sync;

public class AsyncLockTests
{
    [Fact]
    public void Only_one_task_at_a_time_is_inside() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        var inside = 0;
        async Coroutine UseAsync()
        {
            using (await gate.LockAsync())
            {
                Assert.Equal(1, ++inside);
                await Coroutine.Delay(Second);
                inside--;
            }
        }

        await Coroutine.WhenAll(UseAsync(), UseAsync(), UseAsync());
        Assert.Equal(Second * 3, EventLoop.Current.Now);
        Assert.False(gate.IsLocked);
    });

    [Fact]
    [Trait("pitfall", "16")]
    public void It_is_locked_without_a_gap_while_anyone_waits() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        var held = await gate.LockAsync();
        var next = LoopTask.Start(gate.LockAsync(), "next");
        await Expect.SettleAsync();
        held.Dispose();
        Assert.True(gate.IsLocked);
        Assert.False(gate.TryLock(out _));
        (await next).Dispose();
        Assert.False(gate.IsLocked);
    });

    [Fact]
    public void Disposing_of_a_releaser_twice_or_of_a_copy_releases_once() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        var first = await gate.LockAsync();
        var copy = first;
        first.Dispose();
        using var second = await gate.LockAsync();
        copy.Dispose();
        first.Dispose();
        default(Releaser).Dispose();
        Assert.True(gate.IsLocked);
    });

    [Fact]
    [Trait("rule", "19")]
    public void Taking_it_again_in_the_same_task_throws_and_advises() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        using (await gate.LockAsync())
        {
            var misuse = await ThrowsAsync<InvalidOperationException>(() => gate.LockAsync());
            Assert.Contains("'main' has this AsyncLock", misuse.Message);
            Assert.Contains("Take it once", misuse.Message);
            Assert.False(gate.TryLock(out _));
        }

        Assert.False(gate.IsLocked);
    });

    [Fact]
    [Trait("rule", "19")]
    public void Taking_it_again_after_it_was_handed_over_throws_too() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        var held = await gate.LockAsync();
        var next = LoopTask.Start(async () =>
        {
            using (await gate.LockAsync())
            {
                await ThrowsAsync<InvalidOperationException>(() => gate.LockAsync());
            }
        });
        await Coroutine.Yield();
        held.Dispose();
        await next;
    });

    [Fact]
    [Trait("rule", "19")]
    public void Releasing_what_nobody_or_another_task_has_throws_and_advises() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        Assert.Contains("nobody has the lock", Assert.Throws<InvalidOperationException>(gate.Release).Message);
        await gate.LockAsync();
        gate.Release();
        var holder = LoopTask.Start(
            async () =>
            {
                using (await gate.LockAsync())
                {
                    await Coroutine.Delay(Second);
                }
            },
            "holder");
        await Expect.SettleAsync();
        var misuse = Assert.Throws<InvalidOperationException>(gate.Release);
        Assert.Contains("by task 'main', but task 'holder' has the lock", misuse.Message);
        await holder;
        Assert.False(gate.IsLocked);
    });

    [Fact]
    public void What_a_child_took_that_has_ended_its_parent_may_release() => VirtualTime.Run(async () =>
    {
        var (first, second) = (new AsyncLock(), new AsyncLock());
        await Coroutine.WhenAll(first.LockAsync(), second.LockAsync());
        Assert.True(first.IsLocked && second.IsLocked);
        first.Release();
        second.Release();
        Assert.False(first.IsLocked || second.IsLocked);
    });

    [Fact]
    [Trait("rule", "4")]
    public void Foreign_code_takes_it_and_gives_it_back() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        var inside = 0;
        async Task UseAsync(bool usesRelease)
        {
            var releaser = await gate.LockAsync();
            Assert.Equal(1, ++inside);
            await Coroutine.Delay(Second);
            inside--;
            if (usesRelease)
            {
                gate.Release();
            }
            else
            {
                releaser.Dispose();
            }
        }

        await Task.WhenAll(UseAsync(true), UseAsync(false), UseAsync(true));
        Assert.False(gate.IsLocked);
        Assert.Equal(Second * 3, EventLoop.Current.Now);
    });

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [Trait("rule", "4")]
    public void What_foreign_code_took_does_not_count_as_its_callers(bool hops, bool awaitsForeignThings) => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        using (await gate.LockAsync())
        {
            // From now on it is taken within the await where it is free.
        }

        var ended = false;
        var flow = UseAsync();
        if (hops)
        {
            await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
        }

        Assert.True(gate.IsLocked);
        using (await gate.LockAsync())
        {
            Assert.True(ended);
        }

        await flow;

        async Task UseAsync()
        {
            if (hops)
            {
                await Task.Yield();
            }

            using (await gate.LockAsync())
            {
                await (awaitsForeignThings ? ForeignAsync() : Coroutine.Delay(Second).AsTask());
                ended = true;
            }
        }

        static async Task ForeignAsync()
        {
            await Task.Yield();
            await Task.Yield();
        }
    });

    [Fact]
    [Trait("rule", "4")]
    public void What_foreign_code_took_without_waiting_does_not_count_as_its_callers() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        var flow = UseAsync();
        using (await gate.LockAsync())
        {
            Assert.True(flow.IsCompleted);
        }

        async Task UseAsync()
        {
            Assert.True(gate.TryLock(out var taken));
            await Coroutine.Delay(Second);
            taken.Dispose();
        }
    });

    [Theory]
    [InlineData(100)]
    [InlineData(1600)]
    public void To_tell_who_has_it_costs_the_same_however_many_wait(int waiters) => VirtualTime.Run(async () =>
    {
        // Counted in bytes: with a look through all tasks for each who waits they grew with the square.
        var gate = new AsyncLock();
        using (await gate.LockAsync())
        {
            var tasks = Enumerable.Range(0, waiters).Select(_ => LoopTask.Start(gate.LockAsync())).ToArray();
            await Expect.SettleAsync();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var snapshot = EventLoop.Current.Snapshot();
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(waiters, snapshot.ToString().Split("a lock that 'main' has").Length - 1);
            Assert.True(bytes < waiters * 4000L, $"{bytes} bytes for {waiters} who wait");
            foreach (var task in tasks)
            {
                task.Cancel();
            }
        }
    });

    [Fact]
    public void A_wait_with_a_timeout_leaves_the_line() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        var holder = LoopTask.Start(async () =>
        {
            using var held = await gate.LockAsync();
            await Coroutine.Delay(Hour);
        });
        await Expect.SettleAsync();
        await ThrowsAsync<TimeoutException>(() => gate.LockAsync().WithTimeout(Second));
        Assert.Equal(0, gate.Statistics.Waiters);
        await holder;
    });

    [Fact]
    public void The_loser_of_a_race_for_it_gives_it_back() => VirtualTime.Run(async () =>
    {
        var (first, second) = (new AsyncLock(), new AsyncLock());
        var winner = await Coroutine.Race(first.LockAsync(), second.LockAsync());
        Assert.NotEqual(first.IsLocked, second.IsLocked);
        winner.Dispose();
        Assert.False(first.IsLocked || second.IsLocked);
    });

    [Fact]
    [Trait("rule", "5")]
    public void Taking_a_free_lock_in_a_loop_lets_others_run() => VirtualTime.RunInOrder(async () =>
    {
        var gate = new AsyncLock();
        var other = LoopTask.Start(async () => await Coroutine.Yield());
        var rounds = 0;
        while (!other.IsCompleted)
        {
            Assert.True(++rounds < 1000);
            using (await gate.LockAsync())
            {
            }
        }
    });

    [Fact]
    public void It_says_who_has_it_and_how_many_wait() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        Assert.Equal("AsyncLock (free)", gate.ToString());
        Assert.Equal(default(LockStatistics), gate.Statistics);
        using (await gate.LockAsync())
        {
            var waiter = LoopTask.Start(gate.LockAsync(), "waiter");
            await Expect.SettleAsync();
            Assert.Equal(new LockStatistics { IsLocked = true, Holder = "main", Waiters = 1 }, gate.Statistics);
            Assert.Equal("AsyncLock (held by 'main', 1 waiting)", gate.ToString());
            Assert.Equal("a lock that 'main' has", waiter.WaitsFor);
            waiter.Cancel();
        }
    });
}
