using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Heddle.Tests.Net;

/// <summary>A second descriptor of a socket of this process's on the loopback address, such as a child has from its start until it becomes its own program. Linux.</summary>
internal static class CopiedDescriptor
{
    internal static SafeFileHandle OfListener(IPEndPoint local)
    {
        const string Listening = "0A";
        return new SafeFileHandle(Copy(columns => columns[1] == Name(local) && columns[3] == Listening), ownsHandle: true);
    }

    /// <summary>As a socket of the BCL's, to ask for its options.</summary>
    internal static Socket OfConnection(IPEndPoint local, IPEndPoint remote)
        => new(new SafeSocketHandle(Copy(columns => columns[1] == Name(local) && columns[2] == Name(remote)), ownsHandle: true));

    private static string Name(IPEndPoint endPoint) => $"0100007F:{endPoint.Port:X4}";

    private static int Copy(Predicate<string[]> isIt)
    {
        // A line may come twice: the system's list is not read in one go. A socket that is only remembered has no number.
        var socket = (
            from line in File.ReadLines("/proc/net/tcp").Skip(1)
            let columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            where isIt(columns) && columns[9] != "0"
            select $"socket:[{columns[9]}]").Distinct().Single();
        var descriptor = Directory.GetFiles("/proc/self/fd").Single(path => new FileInfo(path).LinkTarget == socket);
        var copy = dup(int.Parse(Path.GetFileName(descriptor)));
        Assert.True(copy >= 0);
        return copy;
    }

    [DllImport("libc")]
    private static extern int dup(int descriptor);
}
