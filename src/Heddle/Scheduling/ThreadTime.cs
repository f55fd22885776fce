using System.Buffers.Text;
using System.Diagnostics;
using System.Runtime;
using Microsoft.Win32.SafeHandles;

namespace Heddle;

/// <summary>The time that passes for the code of this thread: not what the JIT takes, nor, where the system says it, what the thread waits for a processor.</summary>
internal sealed class ThreadTime
{
    /// <summary>On Linux: nanoseconds on a processor, nanoseconds waiting for one, turns.</summary>
    private readonly SafeFileHandle? _schedule = OpenSchedule();

    internal TimeSpan OfOwn
        => Stopwatch.GetElapsedTime(0) - JitInfo.GetCompilationTime(currentThread: true) - WaitedForProcessor();

    /// <summary>Where the system says how the calling thread was scheduled, by a name that is right on every thread; null if it does not.</summary>
    internal static string? NameOfSchedule()
    {
        try
        {
            return OperatingSystem.IsLinux() && new FileInfo("/proc/thread-self").LinkTarget is { } thread ? $"/proc/{thread}/schedstat" : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>How long a thread has waited for a processor so far; zero where nobody knows.</summary>
    /// <param name="schedule">Its <see cref="NameOfSchedule"/>.</param>
    internal static TimeSpan WaitedForProcessor(string? schedule)
    {
        try
        {
            using var file = schedule is null ? null : File.OpenHandle(schedule);
            return file is null ? default : WaitedForProcessor(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The thread has ended.
            return default;
        }
    }

    private static SafeFileHandle? OpenSchedule()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.OpenHandle("/proc/thread-self/schedstat") : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A kernel without it.
            return null;
        }
    }

    private TimeSpan WaitedForProcessor() => _schedule is null ? default : WaitedForProcessor(_schedule);

    private static TimeSpan WaitedForProcessor(SafeFileHandle schedule)
    {
        Span<byte> text = stackalloc byte[128];
        try
        {
            var length = RandomAccess.Read(schedule, text, 0);
            var second = text[(text[..length].IndexOf((byte)' ') + 1)..length];
            return Utf8Parser.TryParse(second, out long nanoseconds, out _) ? new TimeSpan(nanoseconds / TimeSpan.NanosecondsPerTick) : default;
        }
        catch (Exception failure) when (failure is IOException or NotSupportedException)
        {
            return default;
        }
    }
}
