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
