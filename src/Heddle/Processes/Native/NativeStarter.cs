using Heddle.LowLevel;

namespace Heddle;

/// <summary>Starts processes by <c>posix_spawn</c>, and waits for their ends in the loop's own poller.</summary>
internal sealed unsafe class NativeStarter : IProcessStarter
{
    private static readonly Lazy<bool> s_isSupported = new(static () => HasPidfd() && HasChangeOfDirectory());

    /// <summary>Since Linux 5.4 and glibc 2.29; some sandboxes refuse it.</summary>
    internal static bool IsSupported => OperatingSystem.IsLinux() && s_isSupported.Value;

    public ProcessTransport Start(ProcessStart start)
    {
        ProcessEnd.KeepAll();
        var poller = IsSupported ? EventLoop.Current.Network.Descriptors : null;
        if (poller is null)
        {
            throw new PlatformNotSupportedException(
                $"ProcessStarters.Native cannot start '{start.File}' here: it needs Linux 5.4, glibc 2.29 or musl, and a loop whose poller waits for descriptors, "
                + "which Pollers.Epoll does. Leave EventLoopOptions.ProcessStarter unset, or use ProcessStarters.Portable.");
        }

        var spawned = NamedPipeStart.Of(start);
        var program = ProgramSearch.Find(spawned);
        using var streams = new ChildStreams(spawned);

        // One that reads from the terminal must be in the group that has it; a group of its own would be stopped at its first read.
        var ownGroup = !start.InheritProcessGroup && (start.StandardInput.Kind != ProcessStreamKind.Inherit || ProcessCalls.isatty(0) == 0);
        var usesTerminal = TerminalLoan.IsNeeded(start);
        if (usesTerminal)
        {
            TerminalLoan.Begin();
        }

        try
        {
            var id = Spawn.Run(spawned, program, streams, ownGroup);
            return NativeProcess.Of(start, id, streams, poller, ownGroup, usesTerminal);
        }
        catch when (usesTerminal)
        {
            TerminalLoan.End();
            throw;
        }
    }

    private static bool HasPidfd()
    {
        var descriptor = ProcessCalls.pidfd_open(Environment.ProcessId);
        if (descriptor < 0)
        {
            return false;
        }

        // No child of this process: a system that knows the question says just that.
        var info = stackalloc byte[128];
        var isKnown = ProcessCalls.waitid(ProcessCalls.P_PIDFD, descriptor, info, ProcessCalls.WEXITED | ProcessCalls.WNOHANG) != 0
            && Errno.Last == ProcessCalls.ECHILD;
        _ = Libc.close(descriptor);
        return isKnown;
    }

    /// <summary>Whether the C library has the one function that is younger than the others.</summary>
    private static bool HasChangeOfDirectory()
    {
        var actions = stackalloc byte[ProcessCalls.OpaqueSize];
        if (ProcessCalls.posix_spawn_file_actions_init(actions) != 0)
        {
            return false;
        }

        try
        {
            return ProcessCalls.posix_spawn_file_actions_addchdir_np(actions, "/") == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
        finally
        {
            _ = ProcessCalls.posix_spawn_file_actions_destroy(actions);
        }
    }
}
