using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Heddle;

/// <summary>A part of a file that is to be sent by the system itself.</summary>
internal readonly record struct FileSend(SafeFileHandle File, long Offset, int Count)
{
    /// <returns>How many bytes the system took; negative if it failed.</returns>
    internal unsafe nint Call(int socket)
    {
        var isHeld = false;
        try
        {
            File.DangerousAddRef(ref isHeld);
            nint count;
            do
            {
                var offset = Offset;
                count = Libc.sendfile(socket, (int)File.DangerousGetHandle(), &offset, Count);
            }
            while (count < 0 && Errno.Last == Errno.EINTR);

            return count;
        }
        finally
        {
            if (isHeld)
            {
                File.DangerousRelease();
            }
        }
    }

    /// <summary>What is wrong with the file shows when it is read, and is told better there; so is what the system cannot send by itself.</summary>
    internal static SocketError ErrorOf(SocketError error) => error is SocketError.WouldBlock or SocketError.Shutdown or SocketError.ConnectionReset or SocketError.ConnectionAborted
        or SocketError.TimedOut or SocketError.NotConnected or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.NoBufferSpaceAvailable
        ? error
        : SocketError.OperationNotSupported;
}
