using System.Diagnostics;

namespace Heddle.Testing;

/// <summary>Whether another thread of the process is on a processor, or waits for one.</summary>
/// <remarks>
/// On a busy machine a thread may have taken work and not have come to its first instruction for a long time: nothing in the program tells then
/// that it is about to. The system knows. Threads of others, such as another test's, look the same, so that this is a reason to wait a little
/// longer, and no more. Where the system does not say it, on others than Linux, there is none.
/// </remarks>
internal static class RunnableThreads
{
    /// <summary>So long is waited for them.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether a wait for other threads has lasted for so long; and if one of them waits for a processor, for ten times as long.</summary>
    /// <param name="start">When it began (<see cref="Stopwatch.GetTimestamp"/>).</param>
    /// <param name="patience">For how long threads are waited for that may be blocked.</param>
    internal static bool IsOver(long start, TimeSpan patience)
    {
        var elapsed = Stopwatch.GetElapsedTime(start);
        if (elapsed <= patience)
        {
            return false;
        }

        // To look is dear, and takes the processor from whoever is waited for.
        Thread.Sleep(5);
        return elapsed > 10 * patience || !Any();
    }

    internal static bool Any()
    {
        try
        {
            // The calling thread is on a processor.
            return OperatingSystem.IsLinux() && Directory.EnumerateDirectories("/proc/self/task").Count(IsRunnable) > 1;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsRunnable(string thread)
    {
        try
        {
            // 'number (name) state …', and a name may have brackets. D waits for a page, for instance.
            var text = File.ReadAllText($"{thread}/stat");
            return text.AsSpan(text.LastIndexOf(')') + 1).TrimStart() is ['R' or 'D', ..];
        }
        catch (IOException)
        {
            // It has ended.
            return false;
        }
    }
}
