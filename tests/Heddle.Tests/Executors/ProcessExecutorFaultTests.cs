using System.Diagnostics;

namespace Heddle.Tests.Executors;

/// <summary>Whatever goes wrong with a worker: the call says so, the others go on, nothing is left.</summary>
public class ProcessExecutorFaultTests : ExecutorTests
{
    [Fact]
    public void A_worker_that_is_killed_fails_its_call_and_another_takes_its_place() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        var call = LoopTask.Start(executor.RunAsync(Jobs.Block, Signals));
        var process = (await BegunAsync(1))[0];
        var next = LoopTask.Start(executor.RunAsync(Jobs.Seven));
        Process.GetProcessById(process).Kill();
        var died = await Expect.ThrowsAsync<WorkerDiedException>(async () => await call);
        Assert.Contains($"Worker process {process} of 'processes' died while it ran Jobs.Block: it was killed by SIGKILL (exit code 137).", died.Message);
        Assert.Contains("for want of memory", died.Message);
        Assert.Equal(137, died.ExitCode);
        Assert.Equal(7, await next);
        Assert.Equal((1L, 1), (executor.Statistics.LostWorkers, executor.Statistics.Workers));
    });

    [Fact]
    public void A_function_that_ends_its_process_fails_its_call() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        var died = await Expect.ThrowsAsync<WorkerDiedException>(() => executor.RunAsync(Jobs.Exit, 3));
        Assert.Contains("ended with exit code 3", died.Message);
        Assert.Equal(3, died.ExitCode);
        Assert.Equal(137, (await Expect.ThrowsAsync<WorkerDiedException>(() => executor.RunAsync(Jobs.Die))).ExitCode);
        Assert.Equal(7, await executor.RunAsync(Jobs.Seven));
    });

    [Theory]
    [InlineData(1 << 30)]
    [InlineData(int.MaxValue)]
    [InlineData(-1000)]
    public void A_length_that_a_worker_only_announces_takes_no_memory(int length) => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It finds its connection in /proc.");
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        await executor.RunAsync(Jobs.Seven);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var died = await Expect.ThrowsAsync<WorkerDiedException>(() => executor.RunAsync(Jobs.Announce, length));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        Assert.Equal(3, died.ExitCode);
        Assert.Equal(7, await executor.RunAsync(Jobs.Seven));
    });

    [Fact]
    public void A_worker_that_dies_while_it_is_idle_is_not_given_a_call() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        var process = await executor.RunAsync(Jobs.ProcessId);
        Process.GetProcessById(process).Kill();
        await UntilAsync(() => executor.Statistics.Workers == 0);
        Assert.NotEqual(process, await executor.RunAsync(Jobs.ProcessId));
        Assert.Equal(1, executor.Statistics.LostWorkers);
    });

    [Fact]
    public void A_function_that_takes_more_memory_than_it_may_fails_and_its_worker_is_replaced() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1, MemoryLimit = 64 << 20 });
        var process = await executor.RunAsync(Jobs.ProcessId);
        await Expect.ThrowsAsync<OutOfMemoryException>(() => executor.RunAsync(Jobs.Hoard));
        Assert.NotEqual(process, await executor.RunAsync(Jobs.ProcessId));
        await GoneAsync(process);
        Assert.Equal(0, executor.Statistics.LostWorkers);
    });

    [Fact]
    [Trait("rule", "19")]
    public void A_function_that_carries_something_with_it_is_refused_at_once_and_says_what() => Run(async () =>
    {
        await using var executor = new ProcessExecutor();
        var captured = 5;
        Assert.Contains("it captures 'captured'", (await RefusedAsync(executor.RunAsync(() => captured))).Message);
        Assert.Contains("it captures", (await RefusedAsync(executor.RunAsync(() => Signals + captured))).Message);
        Assert.Contains("a method of an object, a ProcessExecutorFaultTests", (await RefusedAsync(executor.RunAsync(GetHashCode))).Message);
        Assert.Contains("bound to its first argument, a String", (await RefusedAsync(executor.RunAsync("text".GetShout))).Message);
        Func<int> several = Jobs.Seven;
        several += Jobs.ProcessId;
        Assert.Contains("several functions", (await RefusedAsync(executor.RunAsync(several))).Message);
        var made = System.Linq.Expressions.Expression.Lambda<Func<int>>(System.Linq.Expressions.Expression.Constant(1)).Compile();
        Assert.Contains("cannot be sent", (await RefusedAsync(executor.RunAsync(made))).Message);
        Assert.Contains("static lambda", (await RefusedAsync(executor.RunAsync(made))).Message);
        Assert.Equal(0, executor.Statistics.Workers);
    });

    [Fact]
    [Trait("rule", "19")]
    public void An_argument_that_cannot_be_sent_is_refused_at_once() => Run(async () =>
    {
        await using var executor = new ProcessExecutor();
        var refused = await RefusedAsync(executor.RunAsync(Jobs.Echo, new Action(Jobs.Nothing)));
        Assert.Contains("The argument of Jobs.Echo, of type Action, cannot be sent to another process.", refused.Message);
        Assert.Contains("a path, an address, a key", refused.Message);
        Assert.Contains("a token is of its process", (await RefusedAsync(executor.RunAsync(static (CancellationToken token) => token.CanBeCanceled, CancellationToken.None))).Message);
        Assert.Contains("a MemoryStream is more than data", (await RefusedAsync(executor.RunAsync(Jobs.Echo, (object)new MemoryStream()))).Message);
        Assert.Contains("a pointer means nothing", (await RefusedAsync(executor.RunAsync(Jobs.Echo, new[] { (nint)1 }))).Message);
        Assert.Contains("GuardedWell.Ignored would not arrive", (await RefusedAsync(executor.RunAsync(Jobs.Echo, new Dictionary<string, GuardedWell> { ["a"] = GuardedWell.Of(1, new Action(Jobs.Nothing)) }))).Message);
        Assert.Equal(0, executor.Statistics.Workers);
    });

    [Fact]
    public void What_is_not_public_arrives_and_no_constructor_runs_for_it() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        var sent = GuardedWell.Of(1, "too");
        var made = GuardedWell.Made;
        var echoed = await executor.RunAsync(Jobs.Echo, sent);
        Assert.Equal((1, 2, "too"), (echoed.Number, echoed.Next, echoed.Ignored));
        Assert.Null(echoed.Stays);
        Assert.Equal((made, 0), (GuardedWell.Made, await executor.RunAsync(static sent => GuardedWell.Made, sent)));
    });

    [Fact]
    [Trait("rule", "19")]
    public void A_result_that_cannot_be_sent_fails_its_call_and_the_worker_goes_on() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        var process = await executor.RunAsync(Jobs.ProcessId);
        var refused = await RefusedAsync(executor.RunAsync(static () => new Action(Jobs.Nothing)));
        Assert.Contains("The result of a lambda in", refused.Message);
        Assert.Contains("of type Action, cannot be sent", refused.Message);
        Assert.Contains("TaskCompletionSource is more than data", (await RefusedAsync(executor.RunAsync(static () => new TaskCompletionSource()))).Message);
        Assert.Equal(process, await executor.RunAsync(Jobs.ProcessId));
    });

    [Fact]
    public void An_exception_that_cannot_be_made_again_comes_as_one_that_stands_for_it() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        var picky = await Expect.ThrowsAsync<RemoteException>(() => executor.RunAsync(Jobs.FailPicky, 404));
        Assert.Equal((typeof(PickyException).FullName, "code 404"), (picky.RemoteType, picky.RemoteMessage));
        Assert.Contains("Jobs.FailPicky", picky.StackTrace);
        Assert.Contains("on Worker process", picky.ToString());
        var lying = await Expect.ThrowsAsync<RemoteException>(() => executor.RunAsync(Jobs.FailLying));
        Assert.Equal("<what was said>", lying.RemoteMessage);
        var nested = await Expect.ThrowsAsync<RemoteException>(() => executor.RunAsync(static () => throw new RemoteException("A.Type", "from further away")));
        Assert.Equal(("A.Type", "from further away"), (nested.RemoteType, nested.RemoteMessage));
    });

    [Fact]
    [Trait("rule", "19")]
    public void An_initializer_that_fails_fails_the_calls_that_wait_and_says_why() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 2, Initializer = WorkItem.Of(Jobs.Fail, "no model") });
        for (var i = 0; i < 2; i++)
        {
            var calls = Enumerable.Range(0, 20).Select(_ => LoopTask.Start(FailureAsync(executor.RunAsync(Jobs.Seven)))).ToArray();
            foreach (var call in calls)
            {
                var failure = Assert.IsType<WorkerStartException>(await call);
                Assert.Contains("The initializer of 'processes', Jobs.Fail, failed in a new worker, so no call can run: no model", failure.Message);
                Assert.IsType<InvalidDataException>(failure.InnerException);
            }
        }

        Assert.Equal((0, 0), (executor.Statistics.Workers, executor.Statistics.Waiting));
    });

    [Fact]
    public void An_initializer_that_fails_as_if_it_were_cancelled_fails_only_the_calls_that_wait() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1, Initializer = WorkItem.Of(Jobs.TimeOut) });
        for (var i = 0; i < 2; i++)
        {
            var failure = await Expect.ThrowsAsync<WorkerStartException>(() => executor.RunAsync(Jobs.Seven));
            Assert.Contains("so no call can run: the server did not answer in time", failure.Message);
            Assert.IsType<TaskCanceledException>(failure.InnerException);
        }
    });

    [Fact]
    [Trait("rule", "17")]
    public void An_initializer_that_fails_as_if_it_were_cancelled_leaves_the_workers_that_run_alone() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 2, Initializer = WorkItem.Of(Jobs.TimeOutIfGone, Signals) });
        var running = LoopTask.Start(executor.RunAsync(Jobs.Block, Signals));
        await BegunAsync(1);
        await File.WriteAllTextAsync(Path.Combine(Signals, "gone"), "").OrCanceled();
        var waiting = LoopTask.Start(executor.RunAsync(Jobs.Seven));
        await UntilAsync(() => Reports.Count == 1);
        Assert.Contains("did not come up; the calls go on with the 1 that are there", Reports[0].Message);
        Reports.Clear();
        LetGo();
        Assert.Equal(7, await waiting);
        await running;
        Assert.Equal((2L, 0L), (executor.Statistics.Completed, executor.Statistics.LostWorkers));
    });

    [Fact]
    public void An_initializer_that_fails_as_if_its_worker_had_ended_says_what_it_failed_with() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(
            new() { MaxWorkers = 1, Initializer = WorkItem.Of(static () => throw new EndOfStreamException("the model's file is cut short")) });
        var failure = await Expect.ThrowsAsync<WorkerStartException>(() => executor.RunAsync(Jobs.Seven));
        Assert.Contains("the model's file is cut short", failure.Message);
    });

    [Fact]
    public void An_initializer_that_ends_its_process_fails_the_calls_that_wait() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1, Initializer = WorkItem.Of(Jobs.Exit, 4) });
        var failure = await Expect.ThrowsAsync<WorkerStartException>(() => executor.RunAsync(Jobs.Seven));
        Assert.Contains("ended, with exit code 4, before it was ready", failure.Message);
    });

    [Fact]
    [Trait("rule", "11")]
    public void A_worker_that_is_not_ready_in_time_is_killed_and_fails_the_calls_that_wait() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(
            new() { MaxWorkers = 1, StartTimeout = Expect.Second * 3, Initializer = WorkItem.Of(Jobs.Block, Signals) });
        var failure = await Expect.ThrowsAsync<WorkerStartException>(() => executor.RunAsync(Jobs.Seven));
        Assert.Contains("was not ready within 3 s", failure.Message);
        foreach (var process in await BegunAsync(0))
        {
            await GoneAsync(process);
        }
    });

    [Fact]
    public void What_a_job_has_started_is_killed_with_it() => Run(async () =>
    {
        Peer.Require("sleep");
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        await CancelScope.RunAsync(async scope =>
        {
            var watching = LoopTask.Start(async () =>
            {
                await BegunAsync(1);
                scope.Cancel();
            });
            await executor.RunAsync(Jobs.StartSleeperAndBlock, Signals);
        });
        await GoneAsync((await BegunAsync(1))[0]);
        await GoneAsync(int.Parse(await File.ReadAllTextAsync(Path.Combine(Signals, "sleeper")).OrCanceled()));
    });

    [Fact]
    [Trait("rule", "15")]
    public void Workers_of_an_executor_that_nobody_disposed_of_end_with_the_loop()
    {
        var process = 0;
        EventLoop.Run(
            async () => process = await new ProcessExecutor(new() { MaxWorkers = 1 }).RunAsync(Jobs.ProcessId),
            // How long something took in real time is the machine's affair.
            new() { HandleSignals = false, BlockingGrace = Timeout.InfiniteTimeSpan, OnReport = Reports.Add });
        Assert.Contains("'workers of 'processes'' was still running", Assert.Single(Reports).Message);
        Reports.Clear();
        Run(() => GoneAsync(process));
    }

    private static async Coroutine<NotPortableException> RefusedAsync<T>(Coroutine<T> call)
        => await Expect.ThrowsAsync<NotPortableException>(async () => await call);

    private static async Coroutine<Exception?> FailureAsync<T>(Coroutine<T> call)
    {
        try
        {
            await call;
            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return failure;
        }
    }
}

internal static class Shouting
{
    internal static string GetShout(this string text) => text.ToUpperInvariant();
}

/// <summary>Its constructor has run once.</summary>
internal sealed class GuardedWell
{
    private GuardedWell() => Made++;

    internal static int Made { get; private set; }

    public int Number { get; private set; }

    [field: NonSerialized]
    public string? Stays { get; private set; }

    public object? Ignored { get; private set; }

    public int Next => Number + 1;

    internal static GuardedWell Of(int number, object? ignored) => new() { Number = number, Stays = "here", Ignored = ignored };
}
