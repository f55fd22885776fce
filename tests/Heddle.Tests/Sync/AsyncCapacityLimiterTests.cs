using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Sync;

public class AsyncCapacityLimiterTests
{
    [Fact]
    [Trait("rule", "19")]
    public void A_task_has_one_token_at_the_most() => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(3);
        using (await limiter.LockAsync())
        {
            var misuse = await ThrowsAsync<InvalidOperationException>(() => limiter.AcquireAsync());
            Assert.Contains("task 'main' has a token", misuse.Message);
            Assert.Throws<InvalidOperationException>(() => limiter.TryAcquire());
            Assert.Equal(["main"], limiter.Statistics.Borrowers);
        }

        Assert.Equal(0, limiter.BorrowedTokens);
    });

    [Fact]
    [Trait("rule", "19")]
    public void Giving_back_what_was_not_borrowed_throws_and_advises() => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(1);
        Assert.Contains("task 'main' has no token", Assert.Throws<InvalidOperationException>(() => limiter.Release()).Message);
        await Coroutine.Yield();
    });

    [Fact]
    public void More_tokens_wake_those_who_wait_and_fewer_take_nothing_away() => VirtualTime.RunInOrder(async () =>
    {
        var limiter = new AsyncCapacityLimiter(0);
        var turns = new CoroutineSource<bool>[3];
        var taken = 0;
        async Coroutine HoldAsync()
        {
            await limiter.AcquireAsync();
            await (turns[taken++] = new());
            limiter.Release();
        }

        var tasks = Enumerable.Range(0, 3).Select(i => LoopTask.Start(HoldAsync, $"{i}")).ToArray();
        await Coroutine.Yield();
        limiter.TotalTokens = 2;
        await Coroutine.Delay(Second);
        Assert.Equal(2, taken);
        limiter.TotalTokens = 1;
        Assert.Equal(2, limiter.BorrowedTokens);
        Assert.Equal(0, limiter.AvailableTokens);
        turns[0].SetResult(true);
        await tasks[0];
        Assert.Equal(2, taken);
        turns[1].SetResult(true);
        await tasks[1];
        await Coroutine.Delay(Second);
        Assert.Equal(["2"], limiter.Statistics.Borrowers);
        turns[2].SetResult(true);
        await tasks[2];
        Assert.Equal(0, limiter.BorrowedTokens);
    });

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [Trait("rule", "4")]
    public void Foreign_code_takes_a_token_and_gives_it_back(bool isContended, bool isNew) => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(1);
        if (!isNew)
        {
            (await limiter.LockAsync()).Dispose();
        }

        var holder = LoopTask.Start(async () =>
        {
            if (isContended)
            {
                using var token = await limiter.LockAsync();
                await Coroutine.Delay(Second);
            }
        });
        await Coroutine.Yield();
        await UseAsync();
        await Task.WhenAll(UseAsync(), UseAsync(), UseAsync());
        await holder;
        Assert.Equal((0, 0), (limiter.BorrowedTokens, limiter.Statistics.Waiters));

        async Task UseAsync()
        {
            await limiter.AcquireAsync();
            try
            {
                Assert.Equal(1, limiter.BorrowedTokens);
                await Coroutine.Delay(Second);
            }
            finally
            {
                limiter.Release();
            }
        }
    });

    [Fact]
    public void What_a_child_took_that_has_ended_its_parent_may_release() => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(3);
        await Coroutine.WhenAll(limiter.AcquireAsync(), limiter.AcquireAsync());
        await limiter.AcquireAsync().WithTimeout(Second);
        for (var left = 2; left >= 0; left--)
        {
            limiter.Release();
            Assert.Equal(left, limiter.BorrowedTokens);
        }

        Assert.Throws<InvalidOperationException>(limiter.Release);
    });

    [Fact]
    public void What_another_task_has_nobody_else_releases() => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(1);
        var holder = LoopTask.Start(async () =>
        {
            await limiter.AcquireAsync();
            await Coroutine.Delay(Second);
            limiter.Release();
        });
        await Coroutine.Yield();
        Assert.Throws<InvalidOperationException>(limiter.Release);
        await holder;
        Assert.Equal(0, limiter.BorrowedTokens);
    });

    [Fact]
    [Trait("rule", "4")]
    public void What_foreign_code_took_does_not_count_as_its_callers() => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(2);
        (await limiter.LockAsync()).Dispose();
        var flow = UseAsync();
        await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
        using (await limiter.LockAsync())
        {
            Assert.Equal(2, limiter.BorrowedTokens);
        }

        await flow;
        Assert.Equal(0, limiter.BorrowedTokens);

        async Task UseAsync()
        {
            using (await limiter.LockAsync())
            {
                await Coroutine.Delay(Second);
            }
        }
    });

    [Fact]
    public void Disposing_of_a_releaser_twice_gives_one_token_back() => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(1);
        var first = await limiter.LockAsync();
        first.Dispose();
        using var second = await limiter.LockAsync();
        first.Dispose();
        default(Releaser).Dispose();
        Assert.Equal(1, limiter.BorrowedTokens);
    });

    [Fact]
    public void It_says_how_many_are_borrowed() => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(2);
        Assert.True(limiter.TryLock(out var releaser));
        Assert.Equal("AsyncCapacityLimiter (1 of 2 borrowed, 0 waiting)", limiter.ToString());
        Assert.False(limiter.IsLocked);
        releaser.Dispose();
        Assert.Throws<ArgumentOutOfRangeException>(() => limiter.TotalTokens = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncCapacityLimiter(-1));
    });
}
