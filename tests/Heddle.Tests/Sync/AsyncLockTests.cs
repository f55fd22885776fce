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
        await Coroutine.Yield();
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
        default(AsyncLock.Releaser).Dispose();
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
        await Coroutine.Yield();
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

    [Fact]
    public void A_wait_with_a_timeout_leaves_the_line() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncLock();
        var holder = LoopTask.Start(async () =>
        {
            using var held = await gate.LockAsync();
            await Coroutine.Delay(Hour);
        });
        await Coroutine.Yield();
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
    public void Taking_a_free_lock_in_a_loop_lets_others_run() => VirtualTime.Run(async () =>
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
        Assert.Equal(new LockStatistics(false, null, 0), gate.Statistics);
        using (await gate.LockAsync())
        {
            var waiter = LoopTask.Start(gate.LockAsync(), "waiter");
            await Coroutine.Yield();
            Assert.Equal(new LockStatistics(true, "main", 1), gate.Statistics);
            Assert.Equal("AsyncLock (held by 'main', 1 waiting)", gate.ToString());
            Assert.Equal("a lock that 'main' has", waiter.WaitsFor);
            waiter.Cancel();
        }
    });
}
