using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Sync;

public class AsyncCapacityLimiterTests
{
    [Fact]
    [Trait("rule", "19")]
    public void A_borrower_has_one_token_at_the_most() => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(3);
        using (await limiter.LockAsync())
        {
            var misuse = await ThrowsAsync<InvalidOperationException>(() => limiter.AcquireAsync());
            Assert.Contains("task 'main' has a token", misuse.Message);
            Assert.Throws<InvalidOperationException>(() => limiter.TryAcquire());
            await limiter.AcquireAsync("a name");
            Assert.Equal(["main", "a name"], limiter.Statistics.Borrowers);
            limiter.Release("a name");
        }

        Assert.Equal(0, limiter.BorrowedTokens);
    });

    [Fact]
    [Trait("rule", "19")]
    public void Giving_back_what_was_not_borrowed_throws_and_advises() => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(1);
        Assert.Contains("task 'main' has no token", Assert.Throws<InvalidOperationException>(() => limiter.Release()).Message);
        Assert.Throws<InvalidOperationException>(() => limiter.Release("a name"));
        await Coroutine.Yield();
    });

    [Fact]
    public void More_tokens_wake_those_who_wait_and_fewer_take_nothing_away() => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(0);
        var tasks = Enumerable.Range(0, 3).Select(i => LoopTask.Start(limiter.AcquireAsync($"{i}"))).ToArray();
        await Coroutine.Yield();
        limiter.TotalTokens = 2;
        await tasks[0];
        await tasks[1];
        Assert.False(tasks[2].IsCompleted);
        limiter.TotalTokens = 1;
        Assert.Equal(2, limiter.BorrowedTokens);
        Assert.Equal(0, limiter.AvailableTokens);
        limiter.Release("0");
        await Coroutine.Yield();
        Assert.False(tasks[2].IsCompleted);
        limiter.Release("1");
        await tasks[2];
        Assert.Equal(new[] { "2" }, limiter.Statistics.Borrowers);
    });

    [Fact]
    public void A_borrower_that_waits_twice_is_told_when_its_second_turn_comes() => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(0);
        var first = LoopTask.Start(limiter.AcquireAsync("same"));
        var second = LoopTask.Start(limiter.AcquireAsync("same"));
        var third = LoopTask.Start(limiter.AcquireAsync("other"));
        await Coroutine.Yield();
        limiter.TotalTokens = 2;
        await first;
        await ThrowsAsync<InvalidOperationException>(async () => await second);
        await third;
        Assert.Equal(2, limiter.BorrowedTokens);
    });

    [Fact]
    public void Disposing_of_a_releaser_twice_gives_one_token_back() => VirtualTime.Run(async () =>
    {
        var limiter = new AsyncCapacityLimiter(1);
        var first = await limiter.LockAsync();
        first.Dispose();
        using var second = await limiter.LockAsync();
        first.Dispose();
        default(AsyncCapacityLimiter.Releaser).Dispose();
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
