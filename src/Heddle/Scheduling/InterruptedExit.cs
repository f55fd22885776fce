using System.Runtime.InteropServices;

namespace Heddle;

/// <summary>How a program ends that a signal has ended and that does not catch the <see cref="LoopInterruptedException"/>.</summary>
/// <remarks>
/// With the signal's exit code, as a shell expects it. .NET's way for an exception that nobody catches, a stack on the
/// terminal and a core dump, is for defects; that somebody presses Ctrl+C is none.
/// </remarks>
internal static class InterruptedExit
{
    private static int s_isPrepared;

    internal static void Prepare()
    {
        if (Interlocked.Exchange(ref s_isPrepared, 1) == 0)
        {
            AppDomain.CurrentDomain.UnhandledException += static (_, unhandled) =>
            {
                if (unhandled.ExceptionObject is LoopInterruptedException { Signal: var signal })
                {
                    Environment.Exit(signal == PosixSignal.SIGINT ? 130 : 143);
                }
            };
        }
    }
}
