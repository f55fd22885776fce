namespace Heddle.Tests.Executors;

/// <content>Cancelling calls, and closing the executor.</content>
public abstract partial class ExecutorContractTests
{
    [Fact]
    [Trait("rule", "7")]
    public void In_a_cancelled_scope_nothing_is_run() => Run(async () =>
    {
        await using var executor = Make();
        var path = Path.Combine(Signals, "written");
        await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel();
            await executor.RunAsync(Jobs.Write, path, "too late");
        });
        Assert.False(File.Exists(path));
        Assert.Equal(0, executor.Statistics.Workers);
    });

    [Fact]
    [Trait("rule", "13")]
    public void A_call_that_is_cancelled_while_it_waits_never_runs_and_the_next_has_its_turn() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var first = LoopTask.Start(executor.RunAsync(Jobs.Block, Signals));
        await BegunAsync(1);
        var path = Path.Combine(Signals, "written");
        var victim = LoopTask.Start(executor.RunAsync(Jobs.Write, path, "never"));
        var next = LoopTask.Start(executor.RunAsync(Jobs.Seven));
        await UntilAsync(() => executor.Statistics.Waiting == 2);
        victim.Cancel("not needed");
        await UntilAsync(() => victim.IsCompleted);
        Assert.Equal(1, executor.Statistics.Waiting);
        LetGo();
        Assert.Equal(7, await next);
        await first;
        Assert.False(File.Exists(path));
        Assert.Equal((1L, 2L), (executor.Statistics.Canceled, executor.Statistics.Completed));
    });

    [Fact]
    [Trait("rule", "11")]
    [Trait("pitfall", "21")]
    public void A_call_that_times_out_ends_at_once_and_is_stopped_or_reported() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var begun = new CoroutineSource<int>();
        await Expect.ThrowsAsync<TimeoutException>(() => CancelScope.WithTimeoutAsync(TimeSpan.FromHours(1), async scope =>
        {
            var watching = LoopTask.Start(async () =>
            {
                begun.SetResult((await BegunAsync(1))[0]);
                scope.CancelAfter(TimeSpan.Zero);
            });
            await executor.RunAsync(Jobs.Block, Signals);
        }));
        var process = await begun;
        if (CanStop)
        {
            await GoneAsync(process);
            Assert.Equal(1, executor.Statistics.LostWorkers);
        }
        else
        {
            var report = Assert.Single(Reports);
            Assert.Equal(LoopReportKind.Abandoned, report.Kind);
            Assert.Contains("Jobs.Block was cancelled while it ran", report.Message);
            Assert.Equal(1, executor.Statistics.Abandoned);
            Reports.Clear();
            LetGo();
        }

        // The worker is free again, or another is in its place.
        Assert.Equal(14, await executor.RunAsync(Jobs.Double, 7));
        Assert.Equal(0, executor.Statistics.Abandoned);
    });

    [Fact]
    [Trait("rule", "10")]
    public void A_function_that_takes_a_token_is_asked_to_stop_and_waited_for() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var process = await CancelWhenBegunAsync(executor.RunAsync(Jobs.BlockPolitely, Signals));
        Assert.Equal((1L, 0, 0L), (executor.Statistics.Canceled, executor.Statistics.Abandoned, executor.Statistics.LostWorkers));
        Assert.Equal(process, await executor.RunAsync(Jobs.ProcessId));
    });

    [Fact]
    [Trait("rule", "13")]
    public void A_result_that_a_function_has_although_it_was_asked_to_stop_is_kept() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var result = "";
        await CancelWhenBegunAsync(KeepAsync());
        Assert.Equal("what was done so far", result);
        Assert.Equal(1, executor.Statistics.Completed);

        async Coroutine KeepAsync() => result = await executor.RunAsync(Jobs.BlockAndKeep, Signals);
    });

    [Fact]
    [Trait("rule", "17")]
    public void A_failure_that_a_function_has_when_it_is_asked_to_stop_is_thrown() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var failure = await Expect.ThrowsAsync<InvalidDataException>(
            async () => await CancelWhenBegunAsync(executor.RunAsync(Jobs.BlockAndFail, Signals)));
        Assert.Equal("while it stopped", failure.Message);
    });

    [Fact]
    public void A_function_that_takes_a_token_and_does_not_look_at_it_has_its_grace_and_no_more() => Run(async () =>
    {
        await using var executor = Make(workers: 1, grace: TimeSpan.FromMilliseconds(20));
        var process = await CancelWhenBegunAsync(executor.RunAsync(Jobs.BlockRudely, Signals));
        if (CanStop)
        {
            await GoneAsync(process);
        }
        else
        {
            Assert.Equal(LoopReportKind.Abandoned, Assert.Single(Reports).Kind);
            Reports.Clear();
            LetGo();
        }

        Assert.Equal(7, await executor.RunAsync(Jobs.Seven));
    });

    [Fact]
    [Trait("rule", "12")]
    public void Disposing_waits_for_the_calls_that_it_took_and_takes_no_more() => Run(async () =>
    {
        var executor = Make(workers: 1);
        var calls = Enumerable.Range(0, 3).Select(_ => LoopTask.Start(executor.RunAsync(Jobs.Block, Signals))).ToArray();
        await BegunAsync(1);
        var disposing = LoopTask.Start(async () => await executor.DisposeAsync());
        await UntilAsync(() => executor.Statistics.IsClosed);
        var closed = await Expect.ThrowsAsync<ExecutorClosedException>(() => executor.RunAsync(Jobs.Seven));
        Assert.Contains("Jobs.Seven was not run", closed.Message);
        Assert.False(disposing.IsCompleted);
        LetGo();
        await disposing;
        Assert.All(calls, call => Assert.True(call.IsCompletedSuccessfully));
        await executor.DisposeAsync();
        await UntilAsync(() => executor.Statistics.Workers == 0);
    });

    [Fact]
    [Trait("rule", "12")]
    public void Disposing_in_a_cancelled_scope_gives_up_a_thousand_calls_and_throws_nothing() => Run(async () =>
    {
        var executor = Make(workers: 2);
        var calls = Enumerable.Range(0, 1000).Select(_ => LoopTask.Start(WithoutAsync(executor))).ToArray();
        var processes = await BegunAsync(2);
        var wasCut = !await CancelScope.RunAsync(async scope =>
        {
            var cancelling = LoopTask.Start(async () => scope.Cancel("shutdown"));
            await executor.DisposeAsync();
            await Coroutine.Yield();
        });
        Assert.True(wasCut);
        foreach (var call in calls)
        {
            Assert.Contains("was closed in a cancelled scope", await call);
        }

        Assert.Equal((0, 0, 1000L), (executor.Statistics.Running, executor.Statistics.Waiting, executor.Statistics.Failed));
        if (CanStop)
        {
            await GoneAsync(processes[0]);
            await GoneAsync(processes[1]);
        }
        else
        {
            Assert.Equal(2, Reports.RemoveAll(report => report.Kind == LoopReportKind.Abandoned));
            LetGo();
            await UntilAsync(() => executor.Statistics.Abandoned == 0);
        }
    });

    [Fact]
    public void An_executor_that_was_never_used_is_disposed_of_without_a_trace() => Run(async () =>
    {
        await Make().DisposeAsync();
        Assert.Empty(Reports);
    });

    /// <summary>Runs the call until its job has begun, then cancels it. Gives the job's process.</summary>
    private async Coroutine<int> CancelWhenBegunAsync(Coroutine call)
    {
        var begun = new CoroutineSource<int>();
        await CancelScope.RunAsync(async scope =>
        {
            var watching = LoopTask.Start(async () =>
            {
                begun.SetResult((await BegunAsync(1))[0]);
                scope.Cancel("struck");
            });
            await call;
        });
        return await begun;
    }

    private async Coroutine<string> WithoutAsync(IExecutor executor)
    {
        try
        {
            return $"{await executor.RunAsync(Jobs.Block, Signals)}";
        }
        catch (ExecutorClosedException closed)
        {
            return closed.Message;
        }
    }

    [Fact]
    public void Wherever_a_call_is_cancelled_the_executor_goes_on_and_nothing_is_left()
    {
        // From the first turn of the loop to the last: while a worker starts, is given the call, works on it, has replied.
        for (var (step, wasCut) = (1, true); wasCut; step++)
        {
            var queue = new StrikingQueue(step);
            Run(
                async () =>
                {
                    await using var executor = Make(workers: 1);
                    wasCut = !await CancelScope.RunAsync(async scope =>
                    {
                        queue.Arm(() => scope.Cancel("struck"));
                        Assert.Equal(4, await executor.RunAsync(Jobs.Double, 2));
                        Assert.Equal("ab", await executor.RunAsync(static (a, b, _) => a + b, "a", "b"));
                    });
                    queue.Disarm();
                    Assert.Equal(7, await executor.RunAsync(Jobs.Seven));
                    await UntilAsync(() => executor.Statistics.Abandoned == 0);
                    Assert.Equal((0, 0, 1), (executor.Statistics.Running, executor.Statistics.Waiting, executor.Statistics.Workers));
                    if (!CanStop)
                    {
                        Reports.RemoveAll(report => report.Kind == LoopReportKind.Abandoned);
                    }
                },
                queue);
            Assert.InRange(step, 1, 100);
        }
    }
}
