namespace Heddle.LowLevel;

/// <summary>The process starters that come with the library, for <see cref="EventLoopOptions.ProcessStarter"/>.</summary>
public static class ProcessStarters
{
    /// <summary>What a loop uses unless told otherwise: <see cref="Native"/> where it can, <see cref="Portable"/> elsewhere and in a program that is process 1.</summary>
    public static IProcessStarter Default { get; } = new DefaultStarter();

    /// <summary>Linux's <c>posix_spawn</c> and pidfd: the ends of processes and their pipes are waited for on the loop's own thread.</summary>
    /// <remarks>
    /// Needs Linux 5.4 with glibc 2.29 or musl, and a poller that waits for descriptors (<see cref="Pollers.Epoll"/>); else starting fails.
    /// In a program that is process 1, as in a container, .NET may take the ends of all children, and waiting for one then fails: use
    /// <see cref="Portable"/> there, or an init.
    /// </remarks>
    public static IProcessStarter Native { get; } = new NativeStarter();

    /// <summary>The <see cref="System.Diagnostics.Process"/> of .NET, on every system and with every poller. Its pipes take threads of the pool.</summary>
    /// <remarks>
    /// It does not tell a signal from an exit code (<see cref="ExitStatus.Signal"/> is null), and merges error output into standard output in the
    /// order in which it arrives here. What comes from a file or goes to one passes through this program, until the process is disposed of. On Linux it ends the same processes as <see cref="Native"/> when it stops one; on other
    /// Unixes it asks the process only, and kills its descendants with it; on Windows it kills at once.
    /// </remarks>
    public static IProcessStarter Portable { get; } = new PortableStarter();

    private sealed class DefaultStarter : IProcessStarter
    {
        private const int Init = 1;

        // Process 1 has to wait for orphans, and .NET does so there: it takes the ends of all children, and hands on only those of its own Process.
        private static readonly bool s_isNative = NativeStarter.IsSupported && Environment.ProcessId != Init;

        public ProcessTransport Start(ProcessStart start)
            => (s_isNative && EventLoop.Current.Network.Descriptors is not null ? Native : Portable).Start(start);
    }
}
