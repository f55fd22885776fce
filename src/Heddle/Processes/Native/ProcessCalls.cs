using System.Runtime.InteropServices;

namespace Heddle;

/// <summary>The system calls of Linux that concern processes. Numbers are those of every architecture that .NET runs on.</summary>
internal static unsafe partial class ProcessCalls
{
    internal const int SIGKILL = 9;
    internal const int SIGPIPE = 13;
    internal const int SIGTERM = 15;
    internal const int SIGCHLD = 17;
    internal const int SIGCONT = 18;
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int ESRCH = 3;
    internal const int E2BIG = 7;
    internal const int ENOEXEC = 8;
    internal const int ECHILD = 10;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EACCES = 13;
    internal const int ENOTDIR = 20;
    internal const int EISDIR = 21;
    internal const int EINVAL = 22;
    internal const int ENFILE = 23;
    internal const int EMFILE = 24;
    internal const int ETXTBSY = 26;
    internal const int ENAMETOOLONG = 36;
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const int O_CREAT = 0x40;
    internal const int O_TRUNC = 0x200;
    internal const int O_APPEND = 0x400;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const int F_SETFL = 4;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int P_PIDFD = 3;
    internal const int WNOHANG = 1;
    internal const int WEXITED = 4;
    internal const int WNOWAIT = 0x1000000;
    internal const int CLD_EXITED = 1;
    internal const short POSIX_SPAWN_SETPGROUP = 0x02;
    internal const short POSIX_SPAWN_SETSIGDEF = 0x04;
    internal const short POSIX_SPAWN_SETSIGMASK = 0x08;
    internal const int X_OK = 1;
    internal const int W_OK = 2;
    internal const int R_OK = 4;
    internal const int AT_FDCWD = -100;
    internal const int AT_EACCESS = 0x200;

    /// <summary>glibc's own structures have 80 and 336 bytes, musl's no more.</summary>
    internal const int OpaqueSize = 512;

    private const nint PidfdSendSignal = 424;
    private const nint PidfdOpen = 434;

    internal static int pidfd_open(int id) => (int)syscall(PidfdOpen, id, 0, 0, 0);

    internal static int pidfd_send_signal(int descriptor, int signal) => (int)syscall(PidfdSendSignal, descriptor, signal, 0, 0);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int pipe2(int* descriptors, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fcntl(int descriptor, int command, int value);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int isatty(int descriptor);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int access(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int faccessat(int directory, string path, int mode, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int kill(int id, int signal);

    [LibraryImport("libc")]
    internal static partial int getpgid(int id);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int waitid(int kind, int id, byte* info, int options);

    [LibraryImport("libc")]
    internal static partial int posix_spawn(int* id, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int posix_spawn_file_actions_addchdir_np(void* actions, string path);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_setpgroup(void* attributes, int group);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_setsigmask(void* attributes, void* signals);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_setsigdefault(void* attributes, void* signals);

    [LibraryImport("libc")]
    internal static partial int sigaction(int signal, void* action, nint* oldAction);

    [LibraryImport("libc")]
    internal static partial nint signal(int signal, nint handler);

    [LibraryImport("libc")]
    internal static partial int sigemptyset(void* signals);

    [LibraryImport("libc")]
    internal static partial int sigaddset(void* signals, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint a, nint b, nint c, nint d);
}
