using System.Runtime.InteropServices;

namespace Heddle.Tests;

/// <summary>A signal that this process sends to itself, and that does nothing to one which does not handle it.</summary>
internal static partial class OwnSignal
{
    /// <summary>SIGWINCH, by its number.</summary>
    internal const PosixSignal Harmless = (PosixSignal)28;

    internal static void Send()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process sends itself no signals there.");
        Assert.Equal(0, Kill(Environment.ProcessId, (int)Harmless));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
