using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Heddle.Tests.Net;

/// <summary>A second descriptor of a socket that listens on the loopback address, such as a child has from its start until it becomes its own program. Linux.</summary>
internal static class CopiedDescriptor
{
    internal static SafeFileHandle OfListener(IPEndPoint local)
    {
        const string Listening = "0A";
        var socket = (
            from line in File.ReadLines("/proc/net/tcp").Skip(1)
            let columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            where columns[1] == $"0100007F:{local.Port:X4}" && columns[3] == Listening
            select $"socket:[{columns[9]}]").Single();
        var descriptor = Directory.GetFiles("/proc/self/fd").Single(path => new FileInfo(path).LinkTarget == socket);
        var copy = dup(int.Parse(Path.GetFileName(descriptor)));
        Assert.True(copy >= 0);
        return new SafeFileHandle(copy, ownsHandle: true);
    }

    [DllImport("libc")]
    private static extern int dup(int descriptor);
}
