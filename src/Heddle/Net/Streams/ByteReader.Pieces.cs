using System.Text;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Reading pieces of a known shape.</content>
public sealed partial class ByteReader
{
    /// <summary>How long a line, or what is read until a separator, may be unless told otherwise: 64 KiB.</summary>
    public const int DefaultLimit = 64 * 1024;

    /// <summary>How much <see cref="ReadToEndAsync"/> reads unless told otherwise: 128 MiB.</summary>
    public const int DefaultWholeLimit = 128 * 1024 * 1024;

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="IncompleteReadException">The end came before; what had come is in the exception.</exception>
    /// <exception cref="ConnectionException">The connection broke.</exception>
    public async Coroutine ReadExactlyAsync(Memory<byte> buffer)
    {
        BeginReading();
        var count = 0;
        try
        {
            while (count < buffer.Length)
            {
                var more = await ReadAsync(buffer[count..]);
                if (more == 0)
                {
                    var partial = buffer[..count].ToArray();
                    count = 0;
                    throw IncompleteReadException.Of(buffer.Length, partial, RemoteEndPoint);
                }

                count += more;
            }
        }
        finally
        {
            if (count < buffer.Length)
            {
                PutBack(buffer.Span[..count]);
            }
        }
    }

    /// <summary>Reads so many bytes. Beyond a mebibyte they take memory only as they come, since it may be the other end who has said how many.</summary>
    /// <inheritdoc cref="ReadExactlyAsync(Memory{byte})" path="/exception"/>
    public async Coroutine<byte[]> ReadExactlyAsync(int count)
    {
        const int MostOnTrust = 1024 * 1024;
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count <= MostOnTrust)
        {
            var bytes = new byte[count];
            await ReadExactlyAsync(bytes);
            return bytes;
        }

        BeginReading();
        while (Buffered < count)
        {
            if (await FillAsync() == 0)
            {
                var partial = Take(Buffered);
                throw IncompleteReadException.Of(count, partial, RemoteEndPoint);
            }
        }

        return Take(count);
    }

    /// <summary>Reads up to the separator, which is part of the result.</summary>
    /// <param name="separator">At least one byte.</param>
    /// <param name="limit">The most bytes, the separator included.</param>
    /// <exception cref="IncompleteReadException">The end came before the separator; what had come is in the exception.</exception>
    /// <exception cref="InvalidDataException">It is longer than the limit. Nothing was consumed.</exception>
    /// <exception cref="ConnectionException">The connection broke.</exception>
    public async Coroutine<byte[]> ReadUntilAsync(ReadOnlyMemory<byte> separator, int limit = DefaultLimit)
    {
        ArgumentOutOfRangeException.ThrowIfZero(separator.Length, nameof(separator));
        var length = await FindAsync(separator, limit);
        if (length is null)
        {
            var partial = Take(Buffered);
            throw IncompleteReadException.Of(null, partial, RemoteEndPoint);
        }

        return Take(length.Value);
    }

    /// <summary>Reads a line of UTF-8, without its end (LF or CR LF); null at the end. A last line may lack its end.</summary>
    /// <param name="limit">The most bytes, the line's end included.</param>
    /// <exception cref="InvalidDataException">The line is longer than the limit. Nothing was consumed.</exception>
    /// <exception cref="ConnectionException">The connection broke.</exception>
    public async Coroutine<string?> ReadLineAsync(int limit = DefaultLimit)
    {
        var length = await FindAsync(s_lineEnd, limit);
        if (length is null && Buffered == 0)
        {
            return null;
        }

        var line = _buffer.AsSpan(_start, length ?? Buffered);
        var count = line.Length;
        if (line is [.., (byte)'\n'])
        {
            line = line is [.., (byte)'\r', _] ? line[..^2] : line[..^1];
        }

        var text = Encoding.UTF8.GetString(line);
        Consume(count);
        return text;
    }

    /// <summary>Reads to the end.</summary>
    /// <param name="limit">The most bytes. Who sends them decides how many there are.</param>
    /// <exception cref="InvalidDataException">There is more than the limit. Nothing was consumed.</exception>
    /// <exception cref="ConnectionException">The connection broke.</exception>
    public async Coroutine<byte[]> ReadToEndAsync(int limit = DefaultWholeLimit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        do
        {
            if (Buffered > limit)
            {
                throw TooLong("What was read to its end", limit);
            }
        }
        while (await FillAsync() > 0);

        return Take(Buffered);
    }

    private static readonly byte[] s_lineEnd = [(byte)'\n'];

    /// <summary>The length up to the separator, with it; null if the end comes before.</summary>
    private async Coroutine<int?> FindAsync(ReadOnlyMemory<byte> separator, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        BeginReading();
        var searched = 0;
        while (true)
        {
            if (Unread.Span[searched..].IndexOf(separator.Span) is var at and >= 0)
            {
                var length = searched + at + separator.Length;
                return length <= limit ? length : throw TooLong("A line, or what is read until a separator,", limit);
            }

            if (Buffered >= limit)
            {
                throw TooLong("A line, or what is read until a separator,", limit);
            }

            searched = Math.Max(0, Buffered - separator.Length + 1);
            if (await FillAsync() == 0)
            {
                return null;
            }
        }
    }

    private byte[] Take(int count)
    {
        var bytes = _buffer.AsSpan(_start, count).ToArray();
        Consume(count);
        return bytes;
    }

    private InvalidDataException TooLong(string what, int limit) => new(
        $"{what} from {IoFailures.Name(RemoteEndPoint)} is longer than the limit of {limit} bytes. "
        + "Raise the limit, or read it in pieces; it is still there to be read.");
}
