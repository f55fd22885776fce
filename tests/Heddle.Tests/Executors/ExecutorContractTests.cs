namespace Heddle.Tests.Executors;

/// <summary>What holds for every executor: calls, their results and their failures.</summary>
public abstract partial class ExecutorContractTests : ExecutorTests
{
    /// <summary>Whether a function that runs can be stopped against its will.</summary>
    protected abstract bool CanStop { get; }

    /// <summary>Whether arguments and results are copied.</summary>
    protected virtual bool IsSent => true;

    protected abstract IExecutor Make(int workers = 2, int queueLimit = int.MaxValue, TimeSpan? grace = null);

    [Fact]
    public void A_function_of_any_shape_runs_with_its_arguments() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        Assert.Equal(7, await executor.RunAsync(Jobs.Seven));
        Assert.Equal(10, await executor.RunAsync(Jobs.Double, 5));
        Assert.Equal("a+1", await executor.RunAsync(Jobs.Join, "a", 1));
        Assert.Equal("null+2", await executor.RunAsync(Jobs.Join, (string?)null, 2));
        Assert.Equal(6.0, await executor.RunAsync(Jobs.Area, 2.0, 3.0, "m"));
        Assert.Equal(3, await executor.RunAsync(static () => 3));
        Assert.Equal(4, await executor.RunAsync(static token => token.CanBeCanceled ? 4 : 0));
        Assert.Equal("5 True", await executor.RunAsync(static (number, token) => $"{number} {token.CanBeCanceled}", 5));
        Assert.Equal("5-x", await executor.RunAsync(static (a, b, token) => $"{a}-{b}", 5, "x"));
        Assert.Equal("5-x-True", await executor.RunAsync(static (a, b, c, token) => $"{a}-{b}-{c}", 5, "x", true));
    });

    [Fact]
    public void A_function_without_a_result_runs_with_its_arguments() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var path = Path.Combine(Signals, "written");
        await executor.RunAsync(Jobs.Nothing);
        await executor.RunAsync(Jobs.Write, path, "by a job");
        Assert.Equal("by a job", await File.ReadAllTextAsync(path).OrCanceled());
        await executor.RunAsync(static path => File.AppendAllText(path, ", 1"), path);
        await executor.RunAsync(static (path, text, more) => File.AppendAllText(path, text + more), path, ", ", 2);
        await executor.RunAsync(static (string path, CancellationToken token) => File.AppendAllText(path, $", {token.CanBeCanceled}"), path);
        await executor.RunAsync(static (string path, int n, CancellationToken token) => File.AppendAllText(path, $", {n}"), path, 4);
        Assert.Equal("by a job, 1, 2, True, 4", await File.ReadAllTextAsync(path).OrCanceled());
    });

    [Fact]
    public void Values_of_every_kind_arrive_as_they_were_sent() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        await SameAsync(executor, Guid.NewGuid());
        await SameAsync(executor, 12.5m);
        await SameAsync(executor, double.NaN);
        await SameAsync(executor, DayOfWeek.Friday);
        await SameAsync(executor, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(6)));
        await SameAsync<int?>(executor, null);
        await SameAsync<int?>(executor, 3);
        await SameAsync(executor, (1, 'x', true));
        await SameAsync(executor, ("text", 2));
        await SameAsync(executor, "lone \ud800 surrogate, and \0");
        await SameAsync(executor, "");
        await SameAsync<byte[]?>(executor, [1, 2, 3]);
        await SameAsync<byte[]?>(executor, null);
        await SameAsync<string?[]>(executor, ["a", null, "c"]);
        await SameAsync(executor, Array.Empty<long>());
        await SameAsync<List<double>>(executor, [1.5, double.PositiveInfinity]);
        await SameAsync(executor, new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 });
        Assert.Equal(new Order(1, "tea", [2.5m]).ToString(), (await executor.RunAsync(Jobs.Echo, new Order(1, "tea", [2.5m]))).ToString());
    });

    [Fact]
    [Trait("rule", "17")]
    public void What_a_function_throws_comes_back_as_what_it_was() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var failure = await Expect.ThrowsAsync<InvalidDataException>(() => executor.RunAsync(Jobs.Fail, "broken"));
        Assert.Equal("broken", failure.Message);
        Assert.Contains("Jobs.Fail", failure.StackTrace);
        var own = await Expect.ThrowsAsync<OwnException>(() => executor.RunAsync(Jobs.FailOwn, "of its own kind"));
        Assert.Equal("of its own kind", own.Message);
        var missing = await Expect.ThrowsAsync<FileNotFoundException>(() => executor.RunAsync(static () => throw new FileNotFoundException("not there")));
        Assert.Equal("not there", missing.Message);
        Assert.Equal(4, await executor.RunAsync(Jobs.Double, 2));
        Assert.Equal((1, 3, 1), (executor.Statistics.Completed, executor.Statistics.Failed, executor.Statistics.Workers));
    });

    [Fact]
    public void What_was_in_an_exception_comes_back_in_it() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var failures = await Expect.ThrowsAsync<AggregateException>(() => executor.RunAsync(Jobs.FailDeep));
        Assert.StartsWith("both went wrong (the outcome) (", failures.Message);
        Assert.Equal(2, failures.InnerExceptions.Count);
        var outcome = Assert.IsType<InvalidOperationException>(failures.InnerExceptions[0]);
        Assert.Equal("the cause", Assert.IsType<InvalidDataException>(outcome.InnerException).Message);
        Assert.Contains("code 404", failures.InnerExceptions[1].Message);
    });

    [Fact]
    [Trait("rule", "17")]
    public void An_exception_that_does_not_let_itself_be_read_fails_its_call_and_no_more() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var process = await executor.RunAsync(Jobs.ProcessId);
        var failure = await Expect.ThrowsAsync<SecretiveException>(() => executor.RunAsync(static () => throw new SecretiveException("all that it tells")));
        Assert.Equal("all that it tells", failure.Message);
        Assert.Equal(process, await executor.RunAsync(Jobs.ProcessId));
        Assert.Equal(0, executor.Statistics.LostWorkers);
    });

    [Fact]
    [Trait("rule", "19")]
    public void An_asynchronous_function_is_refused_at_once_and_advises() => Run(async () =>
    {
        await using var executor = Make();
        Assert.Contains("a promise in place of a result", Refusal(() => executor.RunAsync(Jobs.Promise, 1)));
        Assert.Contains("returns a Coroutine", Refusal(() => executor.RunAsync(Jobs.Later, 1)));
        Assert.Throws<NotSupportedException>(() => _ = executor.MapAsync(Jobs.Later, [1]));
        Assert.Equal(0, executor.Statistics.Workers);
    });

    [Fact]
    [Trait("rule", "2")]
    public void A_call_is_cold_until_it_is_awaited() => Run(async () =>
    {
        await using var executor = Make();
        var call = executor.RunAsync(Jobs.Seven);
        await Coroutine.Yield();
        Assert.Equal(0, executor.Statistics.Workers);
        Assert.Equal(7, await call);
    });

    [Fact]
    [Trait("rule", "19")]
    public void It_serves_one_loop() => Run(async () =>
    {
        await using var executor = Make();
        await executor.RunAsync(Jobs.Seven);
        await using var other = new EventLoopThread();
        var misuse = await Expect.ThrowsAsync<InvalidOperationException>(
            async () => await other.RunAsync(async () => await executor.RunAsync(Jobs.Seven), CancelScope.Current.Token).OrCanceled());
        Assert.Contains("belongs to another loop", misuse.Message);
    });

    [Fact]
    public void As_many_calls_run_at_once_as_there_may_be_workers_and_no_more() => Run(async () =>
    {
        await using var executor = Make(workers: 2);
        var calls = Enumerable.Range(0, 5).Select(_ => LoopTask.Start(executor.RunAsync(Jobs.Block, Signals))).ToArray();
        await BegunAsync(2);
        Assert.Equal((2, 3, 2, 2), (executor.Statistics.Running, executor.Statistics.Waiting, executor.Statistics.Workers, executor.MaxConcurrency));
        Assert.Contains("2 running, 3 waiting", executor.ToString());
        LetGo();
        foreach (var call in calls)
        {
            await call;
        }

        Assert.Equal((0, 0, 5L), (executor.Statistics.Running, executor.Statistics.Waiting, executor.Statistics.Completed));
    });

    [Fact]
    [Trait("rule", "19")]
    public void More_waiting_calls_than_may_be_are_refused() => Run(async () =>
    {
        await using var executor = Make(workers: 1, queueLimit: 2);
        var calls = Enumerable.Range(0, 3).Select(_ => LoopTask.Start(executor.RunAsync(Jobs.Block, Signals))).ToArray();
        await BegunAsync(1);
        var full = await Expect.ThrowsAsync<ExecutorFullException>(() => executor.RunAsync(Jobs.Seven));
        Assert.Contains("2 calls wait for a worker", full.Message);
        Assert.Contains("Jobs.Seven was not run", full.Message);
        LetGo();
        foreach (var call in calls)
        {
            await call;
        }

        Assert.Equal(7, await executor.RunAsync(Jobs.Seven));
    });

    private static string Refusal<T>(Func<Coroutine<T>> call) => Assert.Throws<NotSupportedException>(() => call()).Message;

    private static async Coroutine SameAsync<T>(IExecutor executor, T value) => Assert.Equal(value, await executor.RunAsync(Jobs.Echo, value));
}

/// <summary>Goes as JSON.</summary>
internal sealed record Order(int Number, string Item, decimal[] Prices)
{
    public override string ToString() => $"{Number} {Item} {string.Join(';', Prices)}";
}
