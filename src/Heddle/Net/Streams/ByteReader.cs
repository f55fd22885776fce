using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Reads a byte stream, by pieces, lines, or to its end. The counterpart of asyncio's <c>StreamReader</c>.</summary>
/// <remarks>
/// One task reads at a time. A read that is cancelled, or times out, leaves what had arrived in the reader's buffer, and the
/// next read begins with it: nothing is lost. Members are for the loop's thread. While nothing waits to be read the reader
/// holds no buffer.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class ByteReader
{
    /// <summary>Also the most that is asked from the system at a time, unless the caller brings a larger buffer.</summary>
    private const int FirstCapacity = BufferPool.SmallSize;

    private StreamTransport _transport;
    private readonly EventLoop _loop;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private SocketError _failure;
    private bool _hasEnded;

    /// <summary>Who reads: from when it waits until it has taken what it waited for. Or the reader itself, so that nobody does.</summary>
    private object? _waiting;

    /// <summary>The last receive filled its room, so that there may be more.</summary>
    private bool _mayHaveMore;

    /// <summary>What was read last is looked at in the buffer itself.</summary>
    private bool _isLent;

    /// <summary>A reader over a transport of the current loop.</summary>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public ByteReader(StreamTransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        _transport = transport;
        _loop = EventLoop.Current;
    }

    /// <summary>Whether the other end has finished sending and all has been read.</summary>
    public bool IsAtEnd => _hasEnded && Buffered == 0;

    /// <summary>How many bytes have arrived and wait to be read.</summary>
    public int Buffered => _end - _start;

    private EndPoint? RemoteEndPoint => _transport.RemoteEndPoint;

    private ReadOnlyMemory<byte> Unread => _buffer.AsMemory(_start, Buffered);

    /// <summary>Reads what is there, up to the buffer's length, or waits until something is. Returns how much; zero at the end.</summary>
    /// <param name="buffer">If it is empty, waits until something can be read, and reads nothing.</param>
    /// <exception cref="ConnectionException">The connection broke.</exception>
    /// <exception cref="InvalidOperationException">Another task reads.</exception>
    public Coroutine<int> ReadAsync(Memory<byte> buffer) => new(ReadWait.Rent(this, buffer));

    /// <summary>Reads what is there, up to so many bytes, or waits until something is. Returns an empty array at the end.</summary>
    /// <exception cref="ConnectionException">The connection broke.</exception>
    /// <exception cref="InvalidOperationException">Another task reads.</exception>
    public async Coroutine<byte[]> ReadAsync(int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        BeginReading();
        if (Buffered == 0)
        {
            await FillAsync();
        }

        var bytes = _buffer.AsSpan(_start, Math.Min(Buffered, maxBytes)).ToArray();
        Consume(bytes.Length);
        return bytes;
    }

    /// <summary>Reads what has arrived already, without waiting; zero if nothing has.</summary>
    /// <exception cref="InvalidOperationException">Another task reads, or this is not the loop's thread.</exception>
    public int TryRead(Span<byte> buffer)
    {
        ThrowIfNotReadable();
        var count = Math.Min(Buffered, buffer.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        Consume(count);
        return count;
    }

    /// <summary>How much waits to be read, and whether that is all there will be.</summary>
    public override string ToString() => $"ByteReader ({Buffered} bytes buffered{(_hasEnded ? ", ended" : "")})";

    /// <summary>What has arrived and was not read.</summary>
    internal byte[] TakeAll()
    {
        ThrowIfNotReadable();
        return Take(Buffered);
    }

    /// <summary>Until it is disposed of, nobody can read.</summary>
    internal Pause Suspend()
    {
        ThrowIfNotReadable();
        _waiting = this;
        return new(this);
    }

    internal void GoOver(StreamTransport transport) => _transport = transport;

    /// <summary>Gives the buffer back, unless someone may look at it; what is in it is gone.</summary>
    internal void Discard()
    {
        if (_isLent)
        {
            _buffer = [];
        }

        Release();
    }

    /// <summary>What every read that may be done without a wait begins with: it has the same errors, and meets a cancellation.</summary>
    private void BeginReading()
    {
        ThrowIfNotReadable();
        LoopTask.CurrentOrThrow().ThrowIfCanceled();
    }

    private void ThrowIfNotReadable()
    {
        _loop.VerifyThread("ByteReader");
        if (_waiting is not null)
        {
            throw IoFailures.Of("Receiving from", RemoteEndPoint, SocketError.AlreadyInProgress);
        }
    }

    /// <summary>Receives more into the buffer. Zero at the end.</summary>
    private Coroutine<int> FillAsync() => new(ReadWait.RentToFill(this));

    private void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            Release();
        }
    }

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            _loop.Buffers.Return(_buffer);
            _buffer = [];
        }

        _isLent = false;
        _start = _end = 0;
    }

    /// <summary>Reads all that is there by showing it. It stays where it is until the next read.</summary>
    private ReadOnlyMemory<byte> Lend()
    {
        var lent = Unread;
        _start = _end;
        _isLent = true;
        return lent;
    }

    /// <summary>Makes room for at least one more byte behind what is unread, and returns all the room there is.</summary>
    private Memory<byte> MakeRoom()
    {
        if (_buffer.Length == 0)
        {
            _buffer = _loop.Buffers.Rent(FirstCapacity);
        }
        else if (_end == _buffer.Length)
        {
            MoveToFront(Buffered >= _buffer.Length / 2 ? _loop.Buffers.Rent(LargerThan(_buffer.Length)) : _buffer);
        }

        return _buffer.AsMemory(_end);
    }

    private static int LargerThan(int length)
        => length < Array.MaxLength ? (int)Math.Min(2L * length, Array.MaxLength) : throw new InvalidDataException(
            "More was to be kept in memory than an array holds. Set a limit, or read in pieces; what has come is still there to be read.");

    private void MoveToFront(byte[] buffer)
    {
        _buffer.AsSpan(_start, Buffered).CopyTo(buffer);
        if (!ReferenceEquals(buffer, _buffer))
        {
            _loop.Buffers.Return(_buffer);
            _buffer = buffer;
        }

        _end = Buffered;
        _start = 0;
    }

    /// <summary>Puts bytes back in front, which a read that was given up had taken.</summary>
    private void PutBack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        var buffer = _loop.Buffers.Rent(Math.Max(bytes.Length + Buffered, FirstCapacity));
        bytes.CopyTo(buffer);
        _buffer.AsSpan(_start, Buffered).CopyTo(buffer.AsSpan(bytes.Length));
        var end = bytes.Length + Buffered;
        Release();
        _buffer = buffer;
        _end = end;
    }

    internal readonly struct Pause(ByteReader reader) : IDisposable
    {
        public void Dispose() => reader._waiting = null;
    }
}
