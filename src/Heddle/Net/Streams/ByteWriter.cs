using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Writes a byte stream. The counterpart of asyncio's <c>StreamWriter</c>.</summary>
/// <remarks>
/// <see cref="Write(ReadOnlySpan{byte})"/> takes the bytes into a buffer and returns; what the steps of one pass of the loop have
/// written is sent at its end, in one system call. Call <see cref="DrainAsync"/> after writing: it waits while more than
/// <see cref="HighMark"/> bytes wait to be sent, until no more than <see cref="LowMark"/> do, so that a slow receiver slows the
/// writer down instead of filling the memory. As an <see cref="IBufferWriter{T}"/> it serves the serializers of .NET.
/// A cancellation takes nothing back that was written. Members are for the loop's thread.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class ByteWriter : IBufferWriter<byte>
{
    private StreamTransport _transport;
    private readonly EventLoop _loop;
    private readonly SendQueue _queue;
    private SocketError _failure;

    /// <summary>What the transport threw, if it did not say an error.</summary>
    private Exception? _thrown;

    private bool _isSending;
    private bool _isAtPassEnd;
    private bool _isFinished;

    /// <summary>A writer over a transport of the current loop.</summary>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public ByteWriter(StreamTransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        _transport = transport;
        _loop = EventLoop.Current;
        _queue = new SendQueue(_loop.Buffers);
        _sender = new Sender(this);
    }

    /// <summary>How many bytes may wait to be sent before <see cref="DrainAsync"/> waits. Default: 64 KiB.</summary>
    public int HighMark { get; private set; } = 64 * 1024;

    /// <summary>How many bytes may still wait when <see cref="DrainAsync"/> goes on. Default: 16 KiB.</summary>
    public int LowMark { get; private set; } = 16 * 1024;

    /// <summary>How many bytes wait to be sent.</summary>
    public long Pending => _queue.Length;

    /// <summary>Whether nothing can be written any more: sending has failed, or the connection was closed.</summary>
    /// <remarks>That the other end is gone shows when something is sent to it; who reads from it is told earlier.</remarks>
    public bool IsBroken => _failure != SocketError.Success;

    internal EventLoop Loop => _loop;

    private EndPoint? RemoteEndPoint => _transport.RemoteEndPoint;

    /// <summary>Sets the marks between which <see cref="DrainAsync"/> works.</summary>
    /// <param name="high">Zero has it wait until all is sent.</param>
    /// <param name="low">Not above the high one. Default: a quarter of it.</param>
    public void SetMarks(int high, int? low = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(high);
        ArgumentOutOfRangeException.ThrowIfNegative(low ?? 0, nameof(low));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(low ?? 0, high, nameof(low));
        HighMark = high;
        LowMark = low ?? high / 4;
    }

    /// <summary>Takes the bytes in, to be sent at the end of the loop's pass. Never waits; see <see cref="DrainAsync"/>.</summary>
    /// <exception cref="ConnectionException">The connection broke earlier, or was closed.</exception>
    /// <exception cref="InvalidOperationException">Sending was finished before, or this is not the loop's thread.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        ThrowIfNotWritable();
        _queue.Append(bytes);
        SendAtPassEnd();
    }

    /// <summary>Takes the text in as UTF-8.</summary>
    /// <inheritdoc cref="Write(ReadOnlySpan{byte})" path="/exception"/>
    public void Write(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // In pieces: of a long one, room for three bytes a character is more than an array holds.
        const int Piece = 16 * 1024;
        var rest = text.AsSpan();
        do
        {
            var count = rest.Length <= Piece ? rest.Length : char.IsHighSurrogate(rest[Piece - 1]) ? Piece - 1 : Piece;
            var piece = rest[..count];
            var room = text.Length <= Piece ? Encoding.UTF8.GetMaxByteCount(count) : Encoding.UTF8.GetByteCount(piece);
            Advance(Encoding.UTF8.GetBytes(piece, GetSpan(room)));
            rest = rest[count..];
        }
        while (!rest.IsEmpty);
    }

    /// <summary>
    /// <see cref="WriteAsync"/> without the wait and without the exception for an other end that is gone: takes all of the bytes in, or none if more than
    /// <see cref="HighMark"/> wait to be sent or the connection is broken (<see cref="IsBroken"/> tells which). For sending to many.
    /// </summary>
    /// <exception cref="InvalidOperationException">Sending was finished before, or this is not the loop's thread.</exception>
    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (!CanTake())
        {
            return false;
        }

        Write(bytes);
        return true;
    }

    /// <summary>The same for a text, as UTF-8.</summary>
    /// <inheritdoc cref="TryWrite(ReadOnlySpan{byte})" path="/exception"/>
    public bool TryWrite(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!CanTake())
        {
            return false;
        }

        Write(text);
        return true;
    }

    /// <summary>Waits until there is room, then takes the bytes in: <see cref="DrainAsync"/> and <see cref="Write(ReadOnlySpan{byte})"/> in one.</summary>
    /// <exception cref="ConnectionException">The connection broke.</exception>
    public async Coroutine WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await DrainAsync();
        Write(bytes.Span);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfNotWritable();
        return _queue.GetMemory(Math.Max(sizeHint, 1));
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ThrowIfNotWritable();
        _queue.Advance(count);
        SendAtPassEnd();
    }

    /// <summary>How much waits to be sent.</summary>
    public override string ToString() => $"ByteWriter ({Pending} bytes pending{(_isFinished ? ", finished" : "")})";

    private bool CanTake()
    {
        _loop.VerifyThread("ByteWriter.TryWrite");
        return !IsBroken && Pending <= HighMark;
    }

    private Exception CreateFailure() => _thrown is { } thrown
        ? IoFailures.OfThrown("Sending to", RemoteEndPoint, thrown)
        : IoFailures.Of("Sending to", RemoteEndPoint, _failure);

    private void ThrowIfNotWritable()
    {
        _loop.VerifyThread("ByteWriter.Write");
        if (IsBroken)
        {
            throw CreateFailure();
        }

        if (_isFinished)
        {
            throw StreamMisuse.SendingFinished(IoFailures.Name(RemoteEndPoint));
        }
    }
}
