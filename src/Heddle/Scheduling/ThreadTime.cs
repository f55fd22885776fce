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

    private TimeSpan WaitedForProcessor()
    {
        Span<byte> text = stackalloc byte[128];
        try
        {
            if (_schedule is null || RandomAccess.Read(_schedule, text, 0) is var length && length == 0)
            {
                return default;
            }

            var second = text[(text[..length].IndexOf((byte)' ') + 1)..length];
            return Utf8Parser.TryParse(second, out long nanoseconds, out _) ? new TimeSpan(nanoseconds / TimeSpan.NanosecondsPerTick) : default;
        }
        catch (Exception failure) when (failure is IOException or NotSupportedException)
        {
            return default;
        }
    }
}
