using System.Diagnostics;

namespace Heddle.Benchmarks.Executors;

/// <summary>Two jobs that compute: one after the other, and on two workers at once, while the loop ticks.</summary>
static class TwoCores
{
    const int Rounds = 250_000_000;
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public static async Coroutine MeasureAsync(Dictionary<string, double> rows)
    {
        await using var processes = new ProcessExecutor(new() { MaxWorkers = 2 });
        await using var threads = new ThreadExecutor(new() { MaxThreads = 2 });
        await BothAsync(processes, Rounds / 50);
        await BothAsync(threads, Rounds / 50);
        rows["idle_tick_p99"] = await TickAsync(() => Coroutine.Delay(TimeSpan.FromMilliseconds(400)));
        foreach ((string name, IExecutor executor) in new (string, IExecutor)[] { ("processes", processes), ("threads", threads) })
        {
            // In sequence on the same kind of worker, so that the ratio is about the cores and not about where the code runs.
            rows[$"{name}_in_sequence"] = await ExecutorRows.TimeAsync(async () =>
            {
                await executor.RunAsync(Compute, Rounds);
                await executor.RunAsync(Compute, Rounds);
            });
            rows[$"{name}_tick_p99"] = await TickAsync(async () =>
                rows[$"{name}_at_once"] = await ExecutorRows.TimeAsync(() => BothAsync(executor, Rounds)));
        }
    }

    /// <summary>A chain of multiplications that no compiler shortens.</summary>
    public static ulong Compute(int rounds)
    {
        ulong x = 88172645463325252;
        for (int i = 0; i < rounds; i++)
            x = (x ^ (x >> 31)) * 0x9E3779B97F4A7C15;
        return x;
    }

    static async Coroutine BothAsync(IExecutor executor, int rounds) =>
        await Coroutine.WhenAll(executor.RunAsync(Compute, rounds), executor.RunAsync(Compute, rounds));

    /// <summary>Seconds between two ticks of a millisecond meanwhile; 99 of 100 intervals are no longer.</summary>
    static async Coroutine<double> TickAsync(Func<Coroutine> work)
    {
        List<double> intervals = [];
        await CancelScope.RunAsync(async scope =>
        {
            LoopTask ticking = LoopTask.Start(async () =>
            {
                long last = Stopwatch.GetTimestamp();
                while (!scope.IsCanceled)
                {
                    await Coroutine.Delay(Tick);
                    intervals.Add(Stopwatch.GetElapsedTime(last).TotalSeconds);
                    last = Stopwatch.GetTimestamp();
                }
            });
            await work();
            scope.Cancel();
            await CancelScope.ShieldAsync(async () => await ticking);
        });
        intervals.Sort();
        return intervals[(int)(intervals.Count * 0.99)];
    }
}
