using System.Diagnostics;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The terminal as a child shall find it: .NET's console, once it has read keys, has taken its echo and its lines away.</summary>
/// <remarks>.NET counts the children that use the terminal, those of <see cref="Process"/> included, and has it back when there are none. Any thread.</remarks>
internal static class TerminalLoan
{
    /// <summary>Whether the child shares a stream with this program, which may be a terminal.</summary>
    internal static bool IsNeeded(ProcessStart start) => start.StandardInput.Kind == ProcessStreamKind.Inherit
        || start.StandardOutput.Kind == ProcessStreamKind.Inherit
        || start.StandardError.Kind == ProcessStreamKind.Inherit;

    internal static void Begin() => Count(1);

    internal static void End() => Count(-1);

    private static void Count(int change)
    {
        try
        {
            ConfigureTerminalForChildProcesses(null, change, true);
        }
        catch (MissingMethodException)
        {
            // A .NET that does it otherwise: then the child finds the terminal as the console has left it.
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod)]
    private static extern void ConfigureTerminalForChildProcesses(Process? ofClass, int increment, bool configureConsole);
}
