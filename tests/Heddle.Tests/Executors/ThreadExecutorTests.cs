namespace Heddle.Tests.Executors;

/// <summary>What is peculiar to threads: their names, what they see of the caller, the way back to the loop.</summary>
public class ThreadExecutorTests : ExecutorTests
{
    private static readonly AsyncLocal<string> s_local = new();

    [Fact]
    public void Threads_are_named_and_used_again_and_do_not_keep_the_program_alive() => Run(async () =>
    {
        await using var executor = new ThreadExecutor(new() { Name = "disk", MaxThreads = 4 });
        var first = await executor.RunAsync(() => Thread.CurrentThread);
        Assert.Equal("disk 1", first.Name);
        Assert.True(first.IsBackground);
        Assert.Same(first, await executor.RunAsync(() => Thread.CurrentThread));
        Assert.Equal(1, executor.Statistics.Workers);
        Assert.Equal("disk (0 running, 0 waiting, 1 of 4 threads)", executor.ToString());
    });

    [Fact]
    public void Calls_one_after_the_other_share_one_thread_however_soon_the_next_one_comes() => Run(async () =>
    {
        await using var executor = new ThreadExecutor(new() { MaxThreads = 4 });
        for (var call = 0; call < 5_000; call++)
        {
            await executor.RunAsync(() => { });
            Assert.Equal(1, executor.Statistics.Workers);
        }
    });

    [Fact]
    public void An_executor_of_any_number_of_threads_maps() => Run(async () =>
    {
        await using var executor = new ThreadExecutor(new() { MaxThreads = int.MaxValue });
        var sum = 0;
        await foreach (var number in executor.MapAsync(Jobs.Double, Enumerable.Range(0, 10)))
        {
            sum += number;
        }

        Assert.Equal(90, sum);
    });

    [Fact]
    public void A_function_sees_the_ambient_values_of_its_caller_and_leaves_none_behind() => Run(async () =>
    {
        await using var executor = new ThreadExecutor(new() { MaxThreads = 1 });
        s_local.Value = "the caller's";
        Assert.Equal("the caller's", await executor.RunAsync(() => s_local.Value));
        await executor.RunAsync(() => { s_local.Value = "the function's"; });
        Assert.Equal("the caller's", s_local.Value);
        s_local.Value = null!;
        Assert.Null(await executor.RunAsync(() => s_local.Value));
        Assert.Null(await Coroutine.ToThread(() => SynchronizationContext.Current));
    });

    [Fact]
    public void A_function_goes_to_a_thread_and_its_result_and_failure_come_back() => Run(async () =>
    {
        Assert.NotEqual(Environment.CurrentManagedThreadId, await Coroutine.ToThread(() => Environment.CurrentManagedThreadId));
        var hasRun = false;
        await Coroutine.ToThread(() => { hasRun = true; });
        Assert.True(hasRun);
        Assert.True(await Coroutine.ToThread(token => token.CanBeCanceled));
        await Coroutine.ToThread((CancellationToken token) => { hasRun = token.IsCancellationRequested; });
        Assert.False(hasRun);
        await Expect.ThrowsAsync<InvalidDataException>(() => Coroutine.ToThread(() => Jobs.Fail("broken")));
        Assert.Throws<NotSupportedException>(() => Refused());

        static Coroutine<Task<int>> Refused() => Coroutine.ToThread(static () => Jobs.Promise(1));
    });

    [Fact]
    [Trait("rule", "17")]
    public void An_abandoned_function_is_reported_and_so_is_what_it_fails_with() => Run(async () =>
    {
        await CancelScope.RunAsync(async scope =>
        {
            var watching = LoopTask.Start(async () =>
            {
                await BegunAsync(1);
                scope.Cancel();
            });
            await Coroutine.ToThread(() =>
            {
                Jobs.Block(Signals);
                throw new InvalidDataException("far too late");
            });
        });
        Assert.Equal(LoopReportKind.Abandoned, Assert.Single(Reports).Kind);
        Assert.Contains("cancelled while it ran on 'Coroutine.ToThread'. A thread cannot be stopped from outside", Reports[0].Message);
        LetGo();
        await UntilAsync(() => Reports.Count == 2);
        Assert.Contains("failed after that: far too late", Reports[1].Message);
        Reports.Clear();
    });

    [Fact]
    public void A_function_on_a_thread_calls_back_into_the_loop_and_waits_for_a_coroutine() => Run(async () =>
    {
        var loop = EventLoop.Current;
        var loopThread = Environment.CurrentManagedThreadId;
        var (thread, sum) = await Coroutine.ToThread(() =>
        {
            var thread = loop.RunAsync(async () =>
            {
                await Coroutine.Yield();
                return Environment.CurrentManagedThreadId;
            }).GetAwaiter().GetResult();
            loop.RunAsync(async () => await Coroutine.Yield()).GetAwaiter().GetResult();
            return (thread, 1 + 1);
        });
        Assert.Equal((loopThread, 2), (thread, sum));
        var failure = await Expect.ThrowsAsync<InvalidDataException>(() => Coroutine.ToThread(
            () => loop.RunAsync(() => Expect.FailAfterAsync(TimeSpan.Zero, new InvalidDataException("on the loop"))).GetAwaiter().GetResult()));
        Assert.Equal("on the loop", failure.Message);
    });

    [Fact]
    public void A_call_into_a_loop_that_has_ended_fails()
    {
        var loop = EventLoop.Run(async () => EventLoop.Current);
        Assert.Throws<ObjectDisposedException>(() => loop.RunAsync(async () => 1).GetAwaiter().GetResult());
        Assert.True(loop.RunAsync(async () => 1, new CancellationToken(canceled: true)).IsCanceled);
    }
}
