using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Heddle;

/// <summary>A worker and what it starts, as one: Ctrl+C at the terminal does not reach it, and killing it kills all.</summary>
internal static partial class ProcessGroups
{
    private const int SIGKILL = 9;

    /// <summary>On a worker: makes a group of this process.</summary>
    internal static void Enter()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetProcessGroup(0, 0);
        }
    }

    /// <summary>On a worker: ends this process and what it has started, at once and whatever it does.</summary>
    internal static void KillOwn()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Kill(0, SIGKILL);
        }

        using var own = Process.GetCurrentProcess();
        own.Kill();
    }

    /// <summary>Kills a worker and what it has started. One that has ended is no error.</summary>
    internal static void Kill(Process worker)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                worker.Kill(entireProcessTree: true);
            }
            else if (!worker.HasExited && Kill(-worker.Id, SIGKILL) != 0)
            {
                // So young that it has no group yet.
                worker.Kill();
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    [LibraryImport("libc", EntryPoint = "setpgid")]
    private static partial int SetProcessGroup(int process, int group);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
