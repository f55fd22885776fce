using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Heddle;

/// <summary>The numbers of signals.</summary>
internal static class Signals
{
    internal const int Kill = 9;

    internal const int Terminate = 15;

    /// <summary>.NET has negative numbers for those that it names, and takes the system's own, which are positive.</summary>
    /// <exception cref="PlatformNotSupportedException">Which number it has here is not known.</exception>
    internal static int NumberOf(PosixSignal signal) => signal switch
    {
        > 0 => (int)signal,
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        PosixSignal.SIGTERM => Terminate,
        _ => (OperatingSystem.IsLinux() ? LinuxNumberOf(signal) : null) ?? throw new PlatformNotSupportedException(
            $"The number of {signal} on this system is not known here. Give the number itself, as (PosixSignal)n."),
    };

    /// <summary>Those whose numbers differ from one Unix to the other.</summary>
    [SupportedOSPlatform("linux")]
    private static int? LinuxNumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGCHLD => 17,
        PosixSignal.SIGCONT => 18,
        PosixSignal.SIGTSTP => 20,
        PosixSignal.SIGTTIN => 21,
        PosixSignal.SIGTTOU => 22,
        PosixSignal.SIGWINCH => 28,
        _ => null,
    };
}
