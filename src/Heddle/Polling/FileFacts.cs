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

    /// <summary>By its number: the C library of many a system has no function for it.</summary>
    private static readonly nint s_statx = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 332,
        Architecture.X86 or Architecture.Ppc64le => 383,
        Architecture.Arm or Architecture.Armv6 => 397,
        Architecture.S390x => 379,
        _ => 291,
    };

    /// <summary>Null if nothing is there, or nobody knows.</summary>
    /// <param name="path">Where to look.</param>
    /// <param name="follow">Whether a symbolic link stands for what it leads to.</param>
    internal static FileFacts? Of(string path, bool follow) => OperatingSystem.IsLinux() ? OfLinux(path, follow) : OfOthers(path, follow);

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
    private static unsafe FileFacts? OfLinux(string path, bool follow)
    {
        var name = Encoding.UTF8.GetBytes(path + '\0');
        var facts = stackalloc byte[256];
        fixed (byte* start = name)
        {
            if (Libc.statx(s_statx, CurrentDirectory, start, follow ? 0 : NoFollow, BasicFacts, facts) != 0)
            {
                return null;
            }
        }

        var device = ((ulong)*(uint*)(facts + 136) << 32) | *(uint*)(facts + 140);
        return new(KindOf(*(ushort*)(facts + 28)), device, *(ulong*)(facts + 32), *(uint*)(facts + 20), *(uint*)(facts + 24));
    }

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
