using System.Runtime.InteropServices;

namespace Heddle.Benchmarks.Rows;

/// <summary>The processor time of this process. A neighbour that takes the processor away does not count into it.</summary>
static partial class ProcessorTime
{
    const int ProcessClock = 2;

    public static long Nanoseconds()
    {
        // What .NET offers comes from the accounting, which is too coarse for a tenth of a second.
        if (OperatingSystem.IsLinux() && ClockGetTime(ProcessClock, out TimeSpec time) == 0)
            return time.Seconds * 1_000_000_000 + time.Nanoseconds;
        return (long)Environment.CpuUsage.TotalTime.TotalNanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
