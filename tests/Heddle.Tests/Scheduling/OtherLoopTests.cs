namespace Heddle.Tests.Scheduling;

/// <summary>What belongs to one loop refuses another's thread, where it could only lose a wake-up or corrupt what the loop keeps.</summary>
[Trait("rule", "19")]
public class OtherLoopTests
{
    [Fact]
    public async Task A_source_that_one_loop_awaits_is_not_set_on_another()
    {
        await using var one = new EventLoopThread(new() { Name = "one" });
        await using var other = new EventLoopThread(new() { Name = "other" });
        var source = new CoroutineSource<int>();
        var waits = new TaskCompletionSource();
        var waiting = one.RunAsync(async () =>
        {
            waits.SetResult();
            return await source;
        });
        await waits.Task;
        foreach (var set in new Action[] { () => source.SetResult(1), () => source.TrySetResult(1), () => source.SetException(new FormatException()) })
        {
            var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => other.RunAsync(async () => set()));
            Assert.Contains("'other', but the CoroutineSource belongs to another loop, 'one'", failure.Message, StringComparison.Ordinal);
            Assert.Contains("loop.Post", failure.Message, StringComparison.Ordinal);
        }

        one.Loop.Post(() => source.SetResult(2));
        Assert.Equal(2, await waiting);
    }

    [Fact]
    public async Task A_source_that_one_loop_has_set_is_not_awaited_on_another()
    {
        await using var one = new EventLoopThread(new() { Name = "one" });
        await using var other = new EventLoopThread(new() { Name = "other" });
        var source = new CoroutineSource<int>();
        await one.RunAsync(async () => source.SetResult(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => other.RunAsync(async () => await source));
        Assert.Equal(1, await one.RunAsync(async () => await source));
    }

    [Fact]
    public async Task WhenAny_refuses_a_task_of_another_loop()
    {
        await using var one = new EventLoopThread(new() { Name = "one" });
        await using var other = new EventLoopThread(new() { Name = "other" });
        LoopTask task = null!;
        await one.RunAsync(async () => task = LoopTask.Start(Coroutine.Delay(Timeout.InfiniteTimeSpan), "busy"));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => other.RunAsync(async () =>
        {
            var own = LoopTask.Start(Coroutine.Delay(Timeout.InfiniteTimeSpan));
            await LoopTask.WhenAny(own, task);
        }));
        Assert.Contains("'busy' of the loop 'one' was awaited on the loop 'other'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sources_that_are_set_across_loops_under_load_are_refused_and_lose_no_wake_up()
    {
        await using var other = new EventLoopThread(new() { Name = "other" });
        EventLoop.Run(async () =>
        {
            for (var round = 0; round < 20; round++)
            {
                var sources = Enumerable.Range(0, 200).Select(static _ => new CoroutineSource<int>()).ToArray();
                var waiters = sources.Select(static source => LoopTask.Start(async () => await source)).ToArray();
                await Coroutine.Yield();
                var refused = other.RunAsync(async () => sources.Count(static source => !IsSet(source)));
                foreach (var source in sources)
                {
                    source.TrySetResult(1);
                    await Coroutine.Yield();
                }

                foreach (var waiter in waiters)
                {
                    Assert.Equal(1, await waiter);
                }

                Assert.Equal(200, await refused.OrCanceled());
            }
        });

        static bool IsSet(CoroutineSource<int> source)
        {
            try
            {
                return source.TrySetResult(2);
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }
}
