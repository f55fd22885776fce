using System.Globalization;
using System.Text.RegularExpressions;

namespace Heddle.NetworkStage;

/// <summary>What a process and its loop hold at a moment.</summary>
/// <param name="Descriptors">Sockets, pipes, event queues; not files, of which the runtime opens two for each assembly that it loads.</param>
/// <param name="Tasks">The loop's.</param>
/// <param name="Timers">The loop's.</param>
/// <param name="Reports">Not held, but made until then.</param>
/// <param name="Managed">Bytes that the garbage collector found in use.</param>
/// <param name="Resident">Bytes of the process in memory.</param>
internal sealed partial record Held(int Descriptors, int Tasks, int Timers, int Reports, long Managed, long Resident)
{
    /// <summary>Of this process. Loop thread only.</summary>
    internal static Held Now()
    {
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        var loop = EventLoop.Current;
        return new(
            Directory.GetFileSystemEntries("/proc/self/fd").Count(IsNoFile),
            loop.Tasks.Count,
            int.Parse(TimersOf().Match($"{loop}").Groups[1].Value, CultureInfo.InvariantCulture),
            Poller.Reports,
            managed,
            Environment.WorkingSet);
    }

    internal static Held Parse(string line)
    {
        var numbers = line.Split(' ').Select(static number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new((int)numbers[0], (int)numbers[1], (int)numbers[2], (int)numbers[3], numbers[4], numbers[5]);
    }

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Descriptors} {Tasks} {Timers} {Reports} {Managed} {Resident}");

    /// <summary>Apart from memory. What was before may have held something for a moment, such as a connection that had not quite ended.</summary>
    internal bool IsNoMoreThan(Held other)
        => Descriptors <= other.Descriptors && Tasks <= other.Tasks && Timers <= other.Timers && Reports <= other.Reports;

    /// <summary>What is left of everything but memory.</summary>
    internal string Since(Held before) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Descriptors - before.Descriptors} descriptors, {Tasks - before.Tasks} tasks, {Timers - before.Timers} timers, {Reports - before.Reports} reports");

    private static bool IsNoFile(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget is not ['/', ..];
        }
        catch (IOException)
        {
            // The one by which the folder was read.
            return false;
        }
    }

    /// <summary>A loop's text is the one place that tells how many timers are set.</summary>
    [GeneratedRegex(@"(\d+) timers")]
    private static partial Regex TimersOf();
}
