using System.Buffers;
using System.Net.Sockets;
using Heddle.LowLevel;
using Microsoft.Win32.SafeHandles;

namespace Heddle;

/// <content>Sending files.</content>
public sealed partial class ByteWriter
{
    /// <summary>So much of a file is sent at a time: as long as the disk takes for it, the loop stands still.</summary>
    private const int FilePiece = 256 * 1024;

    /// <summary>Of what is read into memory, where the system cannot send a file by itself.</summary>
    private const int CopyPiece = 64 * 1024;

    /// <summary>Sends a file, or a part of it, when all that was written has been given to the system. The counterpart of <c>loop.sendfile</c>.</summary>
    /// <remarks>
    /// What is written while it is being sent follows it; what is written while earlier bytes still wait goes before it.
    /// On Linux's epoll and without TLS the system sends it by itself (sendfile); elsewhere it is read and sent in pieces. It is read on the loop's thread, which waits for the disk for
    /// 256 KiB at a time at most, and lets others have their turn after each piece. If it is cut short by a cancellation or a failure when a part has been sent, nothing more can be
    /// written, since nobody could tell what follows the part; the reader goes on. Without a count a file that grows is sent to where it ends then; give one to whom a length was announced.
    /// </remarks>
    /// <param name="file">Open for reading; stays open.</param>
    /// <param name="offset">Where the part begins, in bytes.</param>
    /// <param name="count">How many bytes; null for all to the file's end.</param>
    /// <returns>How many bytes were sent.</returns>
    /// <exception cref="ConnectionException">The connection broke.</exception>
    /// <exception cref="EndOfStreamException">The file ends before so many bytes.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="NotSupportedException">It is a pipe, a terminal or the like, whose reading could stop the loop.</exception>
    /// <exception cref="InvalidOperationException">Sending was finished before, or another file is being sent, or TLS started.</exception>
    public async Coroutine<long> SendFileAsync(SafeFileHandle file, long offset = 0, long? count = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count ?? 0, nameof(count));
        ThrowIfNotWritable();
        ThrowIfSuspended();
        ThrowIfItCouldStopTheLoop(file);
        do
        {
            await FlushAsync();
        }
        while (Pending > 0);

        ThrowIfNotWritable();
        using (Suspend())
        {
            return await SendPiecesAsync(file, offset, count);
        }
    }

    /// <summary>Opens the file, and sends it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Where the part begins, in bytes.</param>
    /// <param name="count">How many bytes; null for all to the file's end.</param>
    /// <exception cref="UnauthorizedAccessException">This program may not read it.</exception>
    /// <inheritdoc cref="SendFileAsync(SafeFileHandle, long, long?)"/>
    public async Coroutine<long> SendFileAsync(string path, long offset = 0, long? count = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (FileFacts.Of(path, follow: true) is { Kind: FileKind.Fifo or FileKind.Socket } facts)
        {
            // To open one may wait for somebody at its other end.
            throw NoFile($"'{path}' is {facts.Describe()}");
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        return await SendFileAsync(file, offset, count);
    }

    private static void ThrowIfItCouldStopTheLoop(SafeFileHandle file)
    {
        try
        {
            _ = RandomAccess.GetLength(file);
        }
        catch (NotSupportedException)
        {
            throw NoFile("What was to be sent is a pipe, a terminal or the like");
        }
    }

    private static NotSupportedException NoFile(string what)
        => new($"{what}, whose reading could stop the loop. Read it elsewhere (Subprocess, Coroutine.ToThread), and write what comes.");

    private async Coroutine<long> SendPiecesAsync(SafeFileHandle file, long offset, long? count)
    {
        var (sent, isInPart) = (0L, false);
        byte[]? buffer = null;
        try
        {
            while (count is not { } all || sent < all)
            {
                if (sent > 0)
                {
                    await Coroutine.Yield();
                }

                var most = (int)Math.Min(FilePiece, (count ?? long.MaxValue) - sent);
                int piece;
                if (buffer is null)
                {
                    try
                    {
                        piece = await new Coroutine<int>(new FileSendWait(_transport, file, offset + sent, most));
                    }
                    catch (ConnectionException failure) when (failure.ErrorCode == SocketError.OperationNotSupported)
                    {
                        buffer = ArrayPool<byte>.Shared.Rent(CopyPiece);
                        continue;
                    }
                }
                else
                {
                    piece = RandomAccess.Read(file, buffer.AsSpan(0, Math.Min(most, buffer.Length)), offset + sent);
                    if (piece > 0)
                    {
                        isInPart = true;
                        await _transport.SendAsync(buffer.AsMemory(0, piece));
                    }
                }

                if (piece == 0)
                {
                    break;
                }

                sent += piece;
            }

            if (sent < count)
            {
                throw new EndOfStreamException($"Sending {count} bytes of a file to {IoFailures.Name(RemoteEndPoint)} failed: it ends after {sent}. It may have been cut meanwhile.");
            }
        }
        catch (Exception failure)
        {
            // A buffer whose sending was cut short is not given back: who sends it may not be done with it.
            if (!IsBroken && (sent > 0 || isInPart || failure is ConnectionException))
            {
                Fail((failure as ConnectionException)?.ErrorCode ?? SocketError.ConnectionAborted);
            }

            throw;
        }

        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return sent;
    }

    /// <summary>Waits until the system has sent some of a file.</summary>
    private sealed class FileSendWait : IoWait<int>
    {
        private readonly StreamTransport _transport;
        private readonly SafeFileHandle _file;
        private readonly long _offset;
        private readonly int _count;

        internal FileSendWait(StreamTransport transport, SafeFileHandle file, long offset, int count)
        {
            (_transport, _file, _offset, _count) = (transport, file, offset, count);
            Status = FrameStatus.Cold;
        }

        internal override string Describe() => $"{IoFailures.Name(_transport.RemoteEndPoint)} to take a file";

        protected override IoResult<int> Submit() => _transport.SendFile(_file, _offset, _count, this);

        protected override Exception CreateFailure(SocketError error) => IoFailures.Of("Sending to", _transport.RemoteEndPoint, error);

        protected override bool Abort() => _transport.TryCancelSend();
    }
}
