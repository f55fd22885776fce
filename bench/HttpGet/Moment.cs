using System.Diagnostics;
using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.HttpGet;

/// <summary>What this process had done up to a moment.</summary>
readonly record struct Moment(long Requests, long Ticks, long Processor, long WorkItems, long Allocated)
{
    public static Moment Take(long requests) => new(
        requests,
        Stopwatch.GetTimestamp(),
        ProcessorTime.Nanoseconds(),
        ThreadPool.CompletedWorkItemCount,
        GC.GetTotalAllocatedBytes());

    public Result Since(Moment begin)
    {
        double requests = Requests - begin.Requests;
        double seconds = Stopwatch.GetElapsedTime(begin.Ticks, Ticks).TotalSeconds;
        return new Result(
            Requests - begin.Requests,
            seconds,
            requests / seconds,
            (Processor - begin.Processor) / 1000.0 / requests,
            (WorkItems - begin.WorkItems) / requests,
            (Allocated - begin.Allocated) / requests);
    }
}
