using System.Diagnostics;

namespace Heddle.Benchmarks.Executors;

/// <summary>What Heddle's side of the table does, in seconds of the wall clock: the work is spread over processes.</summary>
static class ExecutorRows
{
    const int Calls = 2_000;
    const int Items = 100_000;

    public static ExecutorReport Run()
    {
        Dictionary<string, double> rows = [];
        EventLoop.Run(async () =>
        {
            await using (var one = new ProcessExecutor(new() { MaxWorkers = 1 }))
            {
                await WarmUpAsync(() => CallAsync(one));
                rows["call"] = await TimeAsync(() => CallAsync(one)) / Calls;
            }
            await using (var two = new ProcessExecutor(new() { MaxWorkers = 2 }))
            {
                await WarmUpAsync(() => MapAsync(two, 100));
                await WarmUpAsync(() => MapAsync(two, null));
                rows["map"] = await TimeAsync(() => MapAsync(two, null)) / Items;
                rows["map_1"] = await TimeAsync(() => MapAsync(two, 1)) / Items;
                rows["map_100"] = await TimeAsync(() => MapAsync(two, 100)) / Items;
                rows["map_1000"] = await TimeAsync(() => MapAsync(two, 1000)) / Items;
            }
            await TwoCores.MeasureAsync(rows);
        });
        return new(".NET " + Environment.Version, rows);
    }

    public static int Double(int number) => number * 2;

    public static async Coroutine<double> TimeAsync(Func<Coroutine> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Long enough for both sides' code to be compiled well, which takes a number of calls and a pause.</summary>
    static async Coroutine WarmUpAsync(Func<Coroutine> work)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1))
            await work();
    }

    static async Coroutine CallAsync(IExecutor executor)
    {
        for (int i = 0; i < Calls; i++)
        {
            if (await executor.RunAsync(Double, i) != 2 * i)
                throw new InvalidOperationException("Something else came out.");
        }
    }

    static async Coroutine MapAsync(IExecutor executor, int? chunkSize)
    {
        long sum = 0;
        await foreach (int result in executor.MapAsync(Double, Enumerable.Range(0, Items), new() { ChunkSize = chunkSize }))
            sum += result;
        if (sum != (long)Items * (Items - 1))
            throw new InvalidOperationException("Something else came out.");
    }
}

/// <summary>One round of one side.</summary>
sealed record ExecutorReport(string Version, Dictionary<string, double> Rows);
