using System.Diagnostics;

namespace Heddle.Benchmarks.Rows;

/// <summary>Time and allocation between two points; counts the whole process, so no thread's share is hidden.</summary>
readonly struct Meter
{
    readonly long _bytes;
    readonly long _ticks;

    Meter(long bytes, long ticks) => (_bytes, _ticks) = (bytes, ticks);

    public static Meter Start()
    {
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        return new Meter(bytes, Stopwatch.GetTimestamp());
    }

    public Sample Stop(long operations)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_ticks);
        long bytes = GC.GetTotalAllocatedBytes(precise: true) - _bytes;
        return new Sample(elapsed.TotalNanoseconds / operations, (double)bytes / operations);
    }
}
