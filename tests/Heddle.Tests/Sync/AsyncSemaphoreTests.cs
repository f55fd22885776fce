using Heddle.Testing;

namespace Heddle.Tests.Sync;

public class AsyncSemaphoreTests
{
    [Fact]
    public void So_many_tasks_as_there_are_permits_are_inside() => VirtualTime.Run(async () =>
    {
        var semaphore = new AsyncSemaphore(2, 2);
        var (inside, most) = (0, 0);
        async Coroutine UseAsync()
        {
            using (await semaphore.LockAsync())
            {
                most = Math.Max(most, ++inside);
                await Coroutine.Delay(Expect.Second);
                inside--;
            }
        }

        await Coroutine.WhenAll(Enumerable.Range(0, 5).Select(_ => UseAsync()));
        Assert.Equal(2, most);
        Assert.Equal(2, semaphore.CurrentCount);
        Assert.Equal(Expect.Second * 3, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "19")]
    public void Releasing_above_the_maximum_throws_and_advises() => VirtualTime.Run(async () =>
    {
        var semaphore = new AsyncSemaphore(1, 2);
        var misuse = Assert.Throws<InvalidOperationException>(() => semaphore.Release(2));
        Assert.Contains("would make 3 permits of 2", misuse.Message);
        Assert.Equal(1, semaphore.CurrentCount);
        semaphore.Release();
        Assert.Throws<InvalidOperationException>(() => semaphore.Release());
        Assert.Equal(2, semaphore.CurrentCount);
        await Coroutine.Yield();
    });

    [Fact]
    public void Permits_for_those_who_wait_do_not_count_against_the_maximum() => VirtualTime.Run(async () =>
    {
        var semaphore = new AsyncSemaphore(0, 1);
        var first = LoopTask.Start(semaphore.AcquireAsync());
        var second = LoopTask.Start(semaphore.AcquireAsync());
        await Expect.SettleAsync();
        Assert.Throws<InvalidOperationException>(() => semaphore.Release(4));
        semaphore.Release(3);
        await first;
        await second;
        Assert.Equal(1, semaphore.CurrentCount);
    });

    [Fact]
    public void Several_released_at_once_go_to_those_who_came_first() => VirtualTime.Run(async () =>
    {
        var semaphore = new AsyncSemaphore(0);
        var waiting = Enumerable.Range(0, 3).Select(i => LoopTask.Start(semaphore.AcquireAsync(), $"{i}")).ToArray();
        await Expect.SettleAsync();
        semaphore.Release(2);
        await Expect.SettleAsync();
        await Expect.SettleAsync();
        Assert.Equal([true, true, false], waiting.Select(task => task.IsCompleted));
        Assert.True(semaphore.IsLocked);
        semaphore.Release();
        await waiting[2];
    });

    [Fact]
    public void Disposing_of_a_releaser_twice_releases_once() => VirtualTime.Run(async () =>
    {
        var semaphore = new AsyncSemaphore(2);
        var first = await semaphore.LockAsync();
        var second = await semaphore.LockAsync();
        first.Dispose();
        first.Dispose();
        Assert.Equal(1, semaphore.CurrentCount);
        second.Dispose();
        default(Releaser).Dispose();
        Assert.Equal(2, semaphore.CurrentCount);
    });

    [Fact]
    public void Impossible_counts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncSemaphore(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncSemaphore(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncSemaphore(2, 1));
        VirtualTime.Run(async () => Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncSemaphore(0).Release(0)));
    }

    [Fact]
    public void It_says_how_many_are_free_and_how_many_wait() => VirtualTime.Run(async () =>
    {
        var semaphore = new AsyncSemaphore(1, 3);
        Assert.True(semaphore.TryAcquire());
        Assert.False(semaphore.TryAcquire());
        Assert.False(semaphore.TryLock(out _));
        var waiter = LoopTask.Start(semaphore.AcquireAsync());
        await Expect.SettleAsync();
        Assert.Equal(new SemaphoreStatistics { MaximumCount = 3, Waiters = 1 }, semaphore.Statistics);
        Assert.Equal("AsyncSemaphore (0 of 3 free, 1 waiting)", semaphore.ToString());
        Assert.Equal("AsyncSemaphore (7 free, 0 waiting)", new AsyncSemaphore(7).ToString());
        waiter.Cancel();
    });
}
