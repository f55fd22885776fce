using System.Buffers;

namespace Heddle;

/// <summary>Sends several buffers by one system call.</summary>
internal static unsafe class VectoredSend
{
    /// <summary>What is more goes with the next call.</summary>
    internal const int MostBuffers = 64;

    /// <param name="descriptor">The socket.</param>
    /// <param name="buffers">At most <see cref="MostBuffers"/>.</param>
    /// <returns>How many bytes were sent; negative if it failed.</returns>
    internal static nint Call(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> buffers) => Call(descriptor, buffers, isPipe: false);

    /// <summary>The same for a pipe. .NET has this process ignore the signal for one that nobody reads.</summary>
    internal static nint CallForPipe(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> buffers) => Call(descriptor, buffers, isPipe: true);

    private static nint Call(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> buffers, bool isPipe)
    {
        var vectors = stackalloc Libc.IoVector[MostBuffers];
        var pins = new Pins();
        for (var i = 0; i < buffers.Length; i++)
        {
            pins[i] = buffers[i].Pin();
            vectors[i] = new Libc.IoVector { Start = (byte*)pins[i].Pointer, Length = buffers[i].Length };
        }

        var message = new Libc.MessageHeader { Buffers = vectors, BufferCount = buffers.Length };
        nint count;
        do
        {
            count = isPipe
                ? Libc.writev(descriptor, vectors, buffers.Length)
                : Libc.sendmsg(descriptor, &message, Libc.MSG_NOSIGNAL);
        }
        while (count < 0 && Errno.Last == Errno.EINTR);

        var errno = Errno.Last;
        for (var i = 0; i < buffers.Length; i++)
        {
            pins[i].Dispose();
        }

        // Unpinning makes system calls of its own at times.
        System.Runtime.InteropServices.Marshal.SetLastPInvokeError(errno);
        return count;
    }

    [System.Runtime.CompilerServices.InlineArray(MostBuffers)]
    private struct Pins
    {
        private MemoryHandle _first;
    }
}
