using System.Diagnostics;

namespace Heddle.Benchmarks.Failures;

/// <summary>An exception that leaves a recursion of so many levels, each of which awaits the next.</summary>
static class DeepFailure
{
    // Task's recursion is one on the stack too.
    const int Stack = 256 << 20;

    public static DeepFailureSample OnHeddle(int levels) => Measure(() => EventLoop.Run(async () => await CoroutineAsync(levels)));

    public static DeepFailureSample OnTask(int levels) => Measure(() => TaskAsync(levels).GetAwaiter().GetResult());

    static async Coroutine CoroutineAsync(int levels)
    {
        if (levels == 0)
        {
            await Coroutine.Yield();
            throw new InvalidOperationException("deep");
        }
        await CoroutineAsync(levels - 1);
    }

    static async Task TaskAsync(int levels)
    {
        if (levels == 0)
        {
            await Task.Yield();
            throw new InvalidOperationException("deep");
        }
        await TaskAsync(levels - 1);
    }

    static DeepFailureSample Measure(Action fail)
    {
        DeepFailureSample sample = default;
        var thread = new Thread(
            () =>
            {
                long bytes = GC.GetTotalAllocatedBytes();
                long start = Stopwatch.GetTimestamp();
                try
                {
                    fail();
                }
                catch (InvalidOperationException)
                {
                    sample = new(Stopwatch.GetElapsedTime(start), GC.GetTotalAllocatedBytes() - bytes);
                }
            },
            Stack);
        thread.Start();
        thread.Join();
        return sample;
    }
}

/// <param name="Time">From the first call to the catch.</param>
/// <param name="Bytes">What was allocated meanwhile.</param>
readonly record struct DeepFailureSample(TimeSpan Time, long Bytes);
