using Heddle.LowLevel;

namespace Heddle.Tests.Scheduling;

public class EventLoopThreadTests
{
    [Fact]
    public async Task It_runs_what_several_threads_ask_for_on_its_one_thread()
    {
        await using var loop = new EventLoopThread();
        var threads = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => loop.RunAsync(async () =>
        {
            await Coroutine.Yield();
            return Environment.CurrentManagedThreadId;
        }))));
        Assert.Single(threads.Distinct());
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, threads);
    }

    [Fact]
    [Trait("rule", "19")]
    public async Task Awaiting_a_task_of_another_loop_is_refused_at_once()
    {
        await using var one = new EventLoopThread(new EventLoopOptions { Name = "one" });
        await using var other = new EventLoopThread(new EventLoopOptions { Name = "other" });
        LoopTask task = null!;
        await one.RunAsync(() =>
        {
            task = LoopTask.Start(Coroutine.Delay(Timeout.InfiniteTimeSpan), "busy");
            return Coroutine.Completed;
        });
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => other.RunAsync(async () => await task));
        Assert.Contains("'busy' of the loop 'one' was awaited on the loop 'other'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_comes_out_of_the_returned_task()
    {
        await using var loop = new EventLoopThread();
        await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => loop.RunAsync(() => Coroutine.FromException(new InvalidTimeZoneException())));
        await Assert.ThrowsAsync<FormatException>(() => loop.RunAsync(() => throw new FormatException()));
    }

    [Fact]
    public async Task The_callers_token_cancels_the_task_on_the_loop()
    {
        await using var loop = new EventLoopThread();
        using var source = new CancellationTokenSource();
        var began = new TaskCompletionSource();
        var cleaned = new TaskCompletionSource();
        var running = loop.RunAsync(
            async () =>
            {
                try
                {
                    began.SetResult();
                    await Coroutine.Delay(Timeout.InfiniteTimeSpan);
                }
                finally
                {
                    cleaned.SetResult();
                }
            },
            source.Token);
        await began.Task;
        await source.CancelAsync();
        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(source.Token, failure.CancellationToken);
        await cleaned.Task;
    }

    [Fact]
    public async Task Disposing_of_it_cancels_what_runs_and_waits_for_its_end()
    {
        var loop = new EventLoopThread();
        var began = new TaskCompletionSource();
        var cleaned = false;
        var running = loop.RunAsync(async () =>
        {
            try
            {
                began.SetResult();
                await Coroutine.Delay(Timeout.InfiniteTimeSpan);
            }
            finally
            {
                await CancelScope.ShieldAsync(async () => await Task.Run(() => { }));
                cleaned = true;
            }
        });
        await began.Task;
        await loop.DisposeAsync();
        Assert.True(cleaned);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task After_its_end_it_says_that_it_has_ended()
    {
        var loop = new EventLoopThread(new() { Name = "gone" });
        loop.Dispose();
        loop.Dispose();
        var failure = await Assert.ThrowsAsync<ObjectDisposedException>(() => loop.RunAsync(async () => await Coroutine.Yield()));
        Assert.Contains("gone", failure.Message);
    }

    [Fact]
    public async Task Foreign_code_that_outlives_its_loop_goes_on_elsewhere()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool>? foreign = null;
        async Task<bool> ForeignAsync()
        {
            await release.Task;
            return EventLoop.IsRunning;
        }

        EventLoop.Run(async () =>
        {
            foreign = ForeignAsync();
            await Coroutine.Yield();
        });
        release.SetResult();
        Assert.False(await foreign!);
    }

    [Fact]
    public void A_posted_callback_runs_between_steps_and_what_it_throws_is_reported()
    {
        var reports = new List<LoopReport>();
        EventLoop.Run(
            async () =>
            {
                var loop = EventLoop.Current;
                var ran = new CoroutineSource<LoopTask?>();
                var thread = new Thread(() =>
                {
                    loop.Post(() => throw new InvalidTimeZoneException());
                    loop.Post(() => ran.SetResult(LoopTask.Current));
                });
                thread.Start();
                Assert.Null(await ran);
            },
            new() { OnReport = reports.Add });
        Assert.IsType<InvalidTimeZoneException>(Assert.Single(reports).Exception);
    }

    [Fact]
    public async Task Stopping_it_with_a_limit_names_who_keeps_it_and_it_goes_on_ending()
    {
        await using var thread = new EventLoopThread(new() { Name = "stubborn loop" });
        var (began, release) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var call = thread.RunAsync(
            async () =>
            {
                began.SetResult();
                await CancelScope.ShieldAsync(async () => await release.Task.OrCanceled());
            },
            "stubborn task");
        await began.Task;
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => thread.StopAsync(TimeSpan.Zero));
        Assert.Contains("'stubborn loop' was told to stop and has not ended", failure.Message, StringComparison.Ordinal);
        Assert.Contains("stubborn task", failure.Message, StringComparison.Ordinal);
        release.SetResult();
        await thread.StopAsync();
        await thread.StopAsync(TimeSpan.Zero);
        await call;
    }

    [Fact]
    public async Task Both_disposals_are_silent_about_what_a_loop_died_of_and_stopping_tells()
    {
        var thread = new EventLoopThread(new() { Poller = static _ => new BrokenPoller(), OnReport = static _ => { } });
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => thread.StopAsync());
        await thread.DisposeAsync();
        thread.Dispose();
    }

    [Fact]
    public async Task A_call_has_the_name_that_it_was_given_and_else_one_of_its_own()
    {
        await using var thread = new EventLoopThread();
        static async Coroutine<string> NameAsync() => LoopTask.Current!.Name;
        Assert.Equal("counting", await thread.RunAsync(NameAsync, "counting"));
        Assert.Equal("counting", await thread.Loop.RunAsync(NameAsync, "counting"));
        Assert.StartsWith("task-", await thread.RunAsync(NameAsync), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_end_of_a_run_a_call_is_told_that_its_loop_and_no_thread_has_ended()
    {
        var loop = EventLoop.Run(async () => EventLoop.Current);
        Assert.Equal("EventLoop", (await Assert.ThrowsAsync<ObjectDisposedException>(() => loop.RunAsync(static () => Coroutine.Completed))).ObjectName);
        var thread = new EventLoopThread();
        await thread.DisposeAsync();
        Assert.Equal("EventLoopThread", (await Assert.ThrowsAsync<ObjectDisposedException>(() => thread.RunAsync(static () => Coroutine.Completed))).ObjectName);
    }

    private sealed class BrokenPoller : IPoller
    {
        public void Wait(TimeSpan timeout) => throw new InvalidTimeZoneException("the poller");

        public void Wake()
        {
        }

        public void Dispose()
        {
        }
    }
}
