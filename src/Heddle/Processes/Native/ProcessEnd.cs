using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>How a child of this process has ended, as the system tells it.</summary>
internal static unsafe class ProcessEnd
{
    /// <summary><c>siginfo_t</c>.</summary>
    private const int InfoSize = 128;
    private const int CodeOffset = 8;

    private static readonly Lazy<bool> s_areKept = new(Keep);

    private static readonly int s_idOffset = nint.Size == 8 ? 16 : 12;

    private static readonly int s_statusOffset = nint.Size == 8 ? 24 : 20;

    /// <summary>
    /// A program that is started with SIGCHLD ignored, as by a careless parent, would never hear how its children ended: the
    /// system forgets them at once. It is set to the default, as a parent should have it; a handler stays.
    /// </summary>
    internal static void KeepAll() => _ = s_areKept.Value;

    private static bool Keep()
    {
        const int Default = 0;
        const int Ignored = 1;

        // The handler is the first field of struct sigaction.
        var action = stackalloc nint[ProcessCalls.OpaqueSize / sizeof(nint)];
        if (ProcessCalls.sigaction(ProcessCalls.SIGCHLD, null, action) == 0 && *action == Ignored)
        {
            ProcessCalls.signal(ProcessCalls.SIGCHLD, Default);
        }

        return true;
    }

    /// <summary>Asks, and leaves it a zombie. Pending while it runs, and while it is a debugger's zombie, which is told first.</summary>
    internal static IoResult<ExitStatus> Look(int descriptor) => Ask(ProcessCalls.P_PIDFD, descriptor, ProcessCalls.WNOHANG | ProcessCalls.WNOWAIT);

    /// <summary>Asks, and has the system forget it.</summary>
    internal static IoResult<ExitStatus> Take(int descriptor) => Ask(ProcessCalls.P_PIDFD, descriptor, ProcessCalls.WNOHANG);

    /// <summary>Blocks until one that was killed is gone.</summary>
    internal static void WaitAndForget(int id)
    {
        const int OfNumber = 1;
        Ask(OfNumber, id, 0);
    }

    private static IoResult<ExitStatus> Ask(int kind, int id, int options)
    {
        var info = stackalloc byte[InfoSize];
        int result;
        do
        {
            result = ProcessCalls.waitid(kind, id, info, ProcessCalls.WEXITED | options);
        }
        while (result != 0 && Errno.Last == Errno.EINTR);

        if (result != 0)
        {
            // Somebody else has taken it: a call that waits for any child, or a system that was told to forget them all.
            return new(SocketError.SocketError);
        }

        if (Unsafe.ReadUnaligned<int>(info + s_idOffset) == 0)
        {
            return IoResult<ExitStatus>.Pending;
        }

        var status = Unsafe.ReadUnaligned<int>(info + s_statusOffset);
        return new(Unsafe.ReadUnaligned<int>(info + CodeOffset) == ProcessCalls.CLD_EXITED ? new ExitStatus(status) : ExitStatus.OfSignal(status));
    }
}
