using Heddle.LowLevel;

namespace Heddle.Tests.Executors;

/// <summary>What the base of executors over a wire asks of those, and when.</summary>
public class RemoteExecutorTests : ExecutorTests
{
    private static readonly TimeSpan s_grace = TimeSpan.FromMinutes(1);

    [Fact]
    public void It_is_opened_by_the_first_call_and_closed_after_the_last() => Run(async () =>
    {
        var executor = new LoopbackExecutor(2, int.MaxValue, s_grace);
        Assert.False(executor.IsOpen);
        var call = LoopTask.Start(executor.RunAsync(Jobs.Block, Signals));
        await BegunAsync(1);
        Assert.True(executor.IsOpen);
        var disposing = LoopTask.Start(async () => await executor.DisposeAsync());
        await UntilAsync(() => executor.Statistics.IsClosed);
        Assert.True(executor.IsOpen);
        LetGo();
        await disposing;
        Assert.True(call.IsCompletedSuccessfully);
        Assert.False(executor.IsOpen);
    });

    [Fact]
    public void What_calls_registered_functions_only_runs_no_other()
    {
        var ran = Path.Combine(Signals, "ran");
        var work = WorkItem.Of(static path => File.WriteAllText(path, ""), ran);
        Assert.True(RemoteWork.TryRun(RemoteWork.Pack(work), int.MaxValue, out var reply, onlyRegistered: true));
        Assert.Contains("calls registered functions only", Assert.Throws<NotPortableException>(() => RemoteWork.Unpack(work, reply)).Message);
        Assert.False(File.Exists(ran));
        RemoteWork.Unpack(work, RemoteWork.Run(RemoteWork.Pack(work)));
        Assert.True(File.Exists(ran));
    }

    [Fact]
    public void When_it_cannot_be_opened_the_calls_that_wait_fail_and_the_next_tries_again() => Run(async () =>
    {
        await using var executor = new LoopbackExecutor(2, int.MaxValue, s_grace) { OpeningFailure = new InvalidDataException("no way") };
        var calls = Enumerable.Range(0, 3).Select(_ => LoopTask.Start(executor.RunAsync(Jobs.Seven))).ToArray();
        foreach (var call in calls)
        {
            await Expect.ThrowsAsync<InvalidDataException>(async () => await call);
        }

        executor.OpeningFailure = null;
        Assert.Equal(7, await executor.RunAsync(Jobs.Seven));
        Assert.Equal((1L, 3L), (executor.Statistics.Completed, executor.Statistics.Failed));
    });

    [Fact]
    [Trait("rule", "10")]
    public void A_map_reads_ahead_for_the_workers_that_there_are_and_more_when_others_join() => Run(async () =>
    {
        await using var executor = new LoopbackExecutor(100, int.MaxValue, s_grace) { Found = 2 };
        var read = 0;
        var taken = 0;
        var map = executor.MapAsync(Jobs.Double, Endless(), new() { ChunkSize = 1 }).GetAsyncEnumerator();
        Assert.True(await map.MoveNextAsync().OrCanceled());
        foreach (var workers in new[] { 2, 7, 1, 9 })
        {
            executor.Find(workers);
            await UntilAsync(() => executor.Statistics.Workers == workers);
            for (var i = 0; i < 20; i++, taken++)
            {
                Assert.True(await map.MoveNextAsync().OrCanceled());
            }

            await UntilAsync(() => read >= taken + (2 * workers));
            Assert.Equal(taken + (2 * workers), read);
        }

        // A call that still runs when the map is left would be reported as one that runs on.
        await UntilAsync(() => executor.Statistics is { Running: 0, Waiting: 0 });
        await map.DisposeAsync().OrCanceled();

        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return read++;
            }
        }
    });

    [Fact]
    [Trait("rule", "17")]
    public void It_stays_open_until_an_abandoned_function_has_ended_and_what_that_fails_with_is_reported() => Run(async () =>
    {
        var executor = new LoopbackExecutor(1, int.MaxValue, s_grace);
        var call = LoopTask.Start(executor.RunAsync(Jobs.BlockThenFail, Signals));
        await BegunAsync(1);
        call.Cancel("not needed");
        await LoopTask.WhenAny(call);
        Assert.True(call.IsCanceled);
        Assert.Equal(LoopReportKind.Abandoned, Assert.Single(Reports).Kind);
        await executor.DisposeAsync();
        Assert.True(executor.IsOpen);
        LetGo();
        await UntilAsync(() => Reports.Count == 2 && !executor.IsOpen);
        Assert.Contains("failed after that: far too late", Reports[1].Message);
        Reports.Clear();
    });
}
