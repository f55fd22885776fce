using System.Diagnostics;

namespace Heddle.Benchmarks.Rows;

/// <summary>Time and allocation between two points; counts the whole process, so no thread's share is hidden.</summary>
readonly struct Meter
{
    readonly long _bytes;
    readonly long _wall;
    readonly long _processor;

    Meter(long bytes, long wall, long processor) => (_bytes, _wall, _processor) = (bytes, wall, processor);

    public static Meter Start()
    {
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        return new Meter(bytes, Stopwatch.GetTimestamp(), ProcessorTime.Nanoseconds());
    }

    public Sample Stop(long operations)
    {
        long processor = ProcessorTime.Nanoseconds() - _processor;
        TimeSpan wall = Stopwatch.GetElapsedTime(_wall);
        long bytes = GC.GetTotalAllocatedBytes(precise: true) - _bytes;
        return new Sample(
            (double)processor / operations,
            wall.TotalNanoseconds / operations,
            (double)bytes / operations);
    }
}
