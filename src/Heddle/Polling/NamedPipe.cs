using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Heddle;

/// <summary>Opens named pipes (FIFOs) without blocking a thread: the system has who opens one wait for the other end.</summary>
/// <remarks>Not on a loop's thread, and in real time: that somebody opens the other end, nobody tells.</remarks>
internal static class NamedPipe
{
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const int NoOtherEnd = 6;

    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until somebody reads from the pipe.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    internal static async Task<Stream> OpenToWriteAsync(string path, CancellationToken token)
    {
        using var looks = new PeriodicTimer(s_betweenLooks);
        SafePipeHandle? pipe;
        while ((pipe = TryOpen(path, WriteOnly)) is null)
        {
            await looks.WaitForNextTickAsync(token).ConfigureAwait(false);
        }

        return new AnonymousPipeClientStream(PipeDirection.Out, pipe);
    }

    /// <summary>Waits until somebody has written to the pipe.</summary>
    /// <inheritdoc cref="OpenToWriteAsync" path="/exception"/>
    internal static async Task<Stream> OpenToReadAsync(string path, CancellationToken token)
    {
        // Opening it for reading waits for nobody here; only an end would come at once.
        using var looks = new PeriodicTimer(s_betweenLooks);
        var pipe = TryOpen(path, ReadOnly)!;
        try
        {
            while (!HasWriter(pipe))
            {
                await looks.WaitForNextTickAsync(token).ConfigureAwait(false);
            }

            return new AnonymousPipeClientStream(PipeDirection.In, pipe);
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    /// <summary>Null if there is no other end.</summary>
    private static unsafe SafePipeHandle? TryOpen(string path, int direction)
    {
        int descriptor;
        fixed (byte* start = Encoding.UTF8.GetBytes(path + '\0'))
        {
            descriptor = Libc.open(start, direction | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        }

        if (descriptor >= 0)
        {
            return new SafePipeHandle(descriptor, ownsHandle: true);
        }

        var error = Errno.Last;
        return error == NoOtherEnd
            ? null
            : throw new IOException($"The named pipe '{path}' cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    private static unsafe bool HasWriter(SafePipeHandle pipe)
    {
        var question = new Libc.PollQuestion { Descriptor = (int)pipe.DangerousGetHandle(), Events = Libc.POLLIN };
        return Libc.poll(&question, 1, 0) != 0;
    }
}
