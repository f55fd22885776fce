using System.Runtime.InteropServices;
using System.Text;

namespace Heddle;

/// <summary>What stands at a path.</summary>
internal enum FileKind
{
    Other,
    Regular,
    Directory,
    SymbolicLink,
    Fifo,
    Socket,
    Device,
}

/// <summary>What the system says of a file: its kind, and which one it is, by device and inode.</summary>
internal readonly record struct FileFacts(FileKind Kind, ulong Device, ulong Inode, uint Owner, uint Group)
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int BasicFacts = 0x7FF;
    private const int EPERM = 1;
    private const int ENOENT = 2;
    private const int EACCES = 13;
    private const int ENOTDIR = 20;
    private const int ENAMETOOLONG = 36;
    private const int ENOSYS = 38;
    private const int ELOOP = 40;

    /// <summary>By its number: the C library of many a system has no function for it.</summary>
    private static readonly nint s_statx = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 332,
        Architecture.X86 or Architecture.Ppc64le => 383,
        Architecture.Arm or Architecture.Armv6 => 397,
        Architecture.S390x => 379,
        _ => 291,
    };

    /// <summary>Null if nothing is there.</summary>
    /// <param name="path">Where to look.</param>
    /// <param name="follow">Whether a symbolic link stands for what it leads to.</param>
    /// <exception cref="IOException">The system does not say: something may well be there.</exception>
    internal static FileFacts? Of(string path, bool follow) => Ask(path, follow, out var facts) is not 0 and var error
        ? throw new IOException($"What stands at '{path}' cannot be told: {Cause(error)}.")
        : facts;

    /// <summary>The same without an exception, on Linux.</summary>
    /// <returns>0, or the system's number for why it does not say.</returns>
    internal static int Ask(string path, bool follow, out FileFacts? facts)
    {
        var error = 0;
        facts = OperatingSystem.IsLinux() ? OfLinux(path, follow, out error) : null;
        if (error is ENOENT or ENOTDIR)
        {
            return 0;
        }

        if (!OperatingSystem.IsLinux() || error is ENOSYS or EPERM)
        {
            // Too old for the call, or a sandbox that does not know it.
            facts = OfOthers(path, follow);
            return 0;
        }

        return error;
    }

    /// <summary>For messages.</summary>
    internal string Describe() => Kind switch
    {
        FileKind.Regular => "a file",
        FileKind.Directory => "a directory",
        FileKind.SymbolicLink => "a symbolic link",
        FileKind.Fifo => "a named pipe",
        FileKind.Socket => "a socket",
        FileKind.Device => "a device",
        _ => "something else",
    };

    /// <summary>By <c>statx</c>, whose structure is the same on every architecture.</summary>
    private static unsafe FileFacts? OfLinux(string path, bool follow, out int error)
    {
        error = 0;
        var name = Encoding.UTF8.GetBytes(path + '\0');
        var facts = stackalloc byte[256];
        fixed (byte* start = name)
        {
            if (Libc.statx(s_statx, CurrentDirectory, start, follow ? 0 : NoFollow, BasicFacts, facts) != 0)
            {
                error = Errno.Last;
                return null;
            }
        }

        var device = ((ulong)*(uint*)(facts + 136) << 32) | *(uint*)(facts + 140);
        return new(KindOf(*(ushort*)(facts + 28)), device, *(ulong*)(facts + 32), *(uint*)(facts + 20), *(uint*)(facts + 24));
    }

    private static string Cause(int error) => error switch
    {
        EACCES => "this program may not enter a directory on the way there. Give it the right to (chmod +x), or take another path",
        ELOOP => "one symbolic link leads to the next without end. Mend the links, or take another path",
        ENAMETOOLONG => "the path is too long. Take a shorter one",
        _ => $"the system says: {Marshal.GetPInvokeErrorMessage(error)}. Check the path, and the disk or the network that it is on",
    };

    private static FileKind KindOf(ushort mode) => (mode & 0xF000) switch
    {
        0x1000 => FileKind.Fifo,
        0x2000 or 0x6000 => FileKind.Device,
        0x4000 => FileKind.Directory,
        0x8000 => FileKind.Regular,
        0xA000 => FileKind.SymbolicLink,
        0xC000 => FileKind.Socket,
        _ => FileKind.Other,
    };

    /// <summary>.NET tells links and directories only; which file it is, the time of its making tells well enough.</summary>
    private static FileFacts? OfOthers(string path, bool follow)
    {
        FileSystemInfo file = new FileInfo(path);
        if (follow && file.LinkTarget is not null)
        {
            if (file.ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true } target)
            {
                return null;
            }

            file = target;
        }

        if (!file.Exists && !Directory.Exists(path) && file.LinkTarget is null)
        {
            return null;
        }

        var kind = file.LinkTarget is not null ? FileKind.SymbolicLink
            : file.Attributes.HasFlag(FileAttributes.Directory) ? FileKind.Directory
            : Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal) ? FileKind.Device
            : OperatingSystem.IsWindows() && !file.Attributes.HasFlag(FileAttributes.ReparsePoint) ? FileKind.Regular
            : FileKind.Other;
        return new(kind, 0, (ulong)file.CreationTimeUtc.Ticks, 0, 0);
    }
}
