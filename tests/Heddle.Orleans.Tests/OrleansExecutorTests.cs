using Heddle.Tests;
using Heddle.Tests.Executors;
using Expect = Heddle.Tests.Expect;

namespace Heddle.Orleans.Tests;

/// <summary>What is peculiar to clusters, as far as one process shows it. What several show is in Heddle.OrleansStage.</summary>
public sealed class OrleansExecutorTests : ExecutorTests
{
    [Fact]
    public void With_nothing_configured_functions_run_on_a_silo_in_this_process_and_off_its_loop() => Run(async () =>
    {
        await using var executor = new OrleansExecutor();
        Assert.Equal(Environment.ProcessId, await executor.RunAsync(Jobs.ProcessId));
        Assert.NotEqual(Environment.CurrentManagedThreadId, await executor.RunAsync(static () => Environment.CurrentManagedThreadId));
        Assert.Equal(Environment.ProcessorCount, executor.Statistics.Workers);
    });

    [Fact]
    public void Functions_run_on_threads_of_the_silo_and_not_of_the_pool() => Run(async () =>
    {
        await using var executor = new OrleansExecutor(new() { MaxConcurrency = 1 });
        Assert.Equal("Heddle silo 1", await executor.RunAsync(static () => Thread.CurrentThread.Name));
        Assert.False(await executor.RunAsync(static () => Thread.CurrentThread.IsThreadPoolThread));
    });

    [Fact]
    public void Two_executors_live_side_by_side() => Run(async () =>
    {
        await using var first = new OrleansExecutor(new() { Name = "first", MaxConcurrency = 1 });
        await using var second = new OrleansExecutor(new() { Name = "second", MaxConcurrency = 1 });
        var held = LoopTask.Start(first.RunAsync(Jobs.Block, Signals));
        await BegunAsync(1);
        Assert.Equal(7, await second.RunAsync(Jobs.Seven));
        Assert.Equal("first (1 running, 0 waiting, 1 of 1 workers)", first.ToString());
        LetGo();
        await held;
    });

    [Fact]
    public void What_goes_to_a_silo_is_data_also_in_this_process() => Run(async () =>
    {
        await using var executor = new OrleansExecutor(new() { MaxConcurrency = 1 });
        var captured = 5;
        var refusal = await Expect.ThrowsAsync<NotPortableException>(() => executor.RunAsync(() => captured));
        Assert.Contains("'captured'", refusal.Message);
        var list = new List<int> { 1 };
        var echoed = await executor.RunAsync(Jobs.Echo, list);
        Assert.Equal(list, echoed);
        Assert.NotSame(list, echoed);
    });

    [Fact]
    public void A_registered_function_goes_by_its_name() => Run(async () =>
    {
        WorkRegistry.Add<int, int>(Jobs.Invert);
        await using var executor = new OrleansExecutor(new() { MaxConcurrency = 1 });
        Assert.Equal(5, await executor.RunAsync(Jobs.Invert, 20));
    });

    [Fact]
    public void A_thousand_calls_at_once_have_each_its_own_result() => Run(async () =>
    {
        await using var executor = new OrleansExecutor(new() { MaxConcurrency = 4 });
        var calls = Enumerable.Range(0, 1000).Select(number => LoopTask.Start(executor.RunAsync(Jobs.Double, number))).ToArray();
        for (var number = 0; number < calls.Length; number++)
        {
            Assert.Equal(2 * number, await calls[number]);
        }

        Assert.Equal((1000L, 0L), (executor.Statistics.Completed, executor.Statistics.Failed));
    });

    [Fact]
    public void Large_arguments_and_results_arrive_whole() => Run(async () =>
    {
        await using var executor = new OrleansExecutor(new() { MaxConcurrency = 1 });
        var bytes = new byte[20_000_000];
        new Random(1).NextBytes(bytes);
        Assert.Equal(bytes, await executor.RunAsync(Jobs.Echo, bytes));
    });

    [Fact]
    public void A_cluster_that_is_not_there_fails_the_calls_that_wait_and_advises() => Run(async () =>
    {
        // A real wait, of half a second: nobody says that a cluster is not there, so only time does. Port 9 is nobody's.
        await using var executor = new OrleansExecutor(
            new() { Redis = "127.0.0.1:9,connectTimeout=200,connectRetry=1", ConnectTimeout = TimeSpan.FromMilliseconds(500) });
        var calls = Enumerable.Range(0, 3).Select(_ => LoopTask.Start(executor.RunAsync(Jobs.Seven))).ToArray();
        foreach (var call in calls)
        {
            var failure = await Expect.ThrowsAsync<ClusterUnreachableException>(async () => await call);
            Assert.Contains("'orleans' found no silo of the cluster 'heddle' within 0.5 s", failure.Message);
            Assert.Contains("Is the Redis server up", failure.Message);
        }

        Assert.Equal((0, 3L), (executor.Statistics.Waiting, executor.Statistics.Failed));
    });

    [Fact]
    public void A_call_that_is_cancelled_while_the_cluster_is_looked_for_ends_at_once() => Run(async () =>
    {
        var executor = new OrleansExecutor(new() { Redis = "127.0.0.1:9,connectTimeout=200,connectRetry=1", ConnectTimeout = TimeSpan.FromHours(1) });
        var call = LoopTask.Start(executor.RunAsync(Jobs.Seven));
        await UntilAsync(() => executor.Statistics.Waiting == 1);
        call.Cancel("not needed");
        await LoopTask.WhenAny(call);
        Assert.True(call.IsCanceled);
        await executor.DisposeAsync().OrCanceled();
    });

    [Fact]
    [Trait("rule", "19")]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OrleansExecutor(new() { MaxAttempts = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OrleansExecutor(new() { ConnectTimeout = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => new OrleansExecutor(new() { ClusterId = "" }));
        Assert.Throws<ArgumentException>(() => new OrleansExecutor(new() { Name = "" }));
    }

    [Fact]
    public void The_silo_is_gone_when_an_executor_is_disposed_of_after_its_loop() => Run(async () =>
    {
        OrleansExecutor? executor = null;
        await Coroutine.ToThread(() => EventLoop.Run(async () =>
        {
            executor = new(new() { MaxConcurrency = 1 });
            await executor.RunAsync(Jobs.Seven);
        }));
        await executor!.DisposeAsync().OrCanceled();
        Assert.Equal(0, executor.Statistics.Workers);
    });
}
