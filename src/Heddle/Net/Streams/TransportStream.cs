using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A transport as a <see cref="Stream"/>, for the libraries of .NET. Any thread; one read and one write at a time.</summary>
/// <remarks>
/// Called on the loop's thread, an operation that can be done at once is done at once. Any other goes on there when its I/O
/// completes, with no context current: so a chain of <c>ConfigureAwait(false)</c> runs on the loop's thread and never sees the pool.
/// From another thread an operation is brought over to the loop.
/// </remarks>
internal sealed partial class TransportStream : Stream
{
    private readonly StreamTransport _transport;
    private readonly EventLoop _loop;
    private readonly ReadOperation _read;
    private readonly WriteOperation _write;
    private ReadOnlyMemory<byte> _prefix;
    private bool _isDisposed;

    /// <param name="transport">Closed with this.</param>
    /// <param name="loop">The transport's.</param>
    /// <param name="prefix">What was received of it already.</param>
    internal TransportStream(StreamTransport transport, EventLoop loop, ReadOnlyMemory<byte> prefix = default)
    {
        _transport = transport;
        _loop = loop;
        _prefix = prefix;
        _read = new ReadOperation(this);
        _write = new WriteOperation(this);
    }

    /// <summary>Where what another thread has begun goes on; elsewhere for code that must not run on the loop's thread. Set while nothing is under way.</summary>
    internal GoingOn GoesOn { get; set; }

    /// <summary>
    /// Whether a read asks the system at once, and does not go by what the poller has said: for whoever must know, before it
    /// writes, that the other end has closed an idle connection meanwhile.
    /// </summary>
    internal bool AlwaysAsks { get; init; }

    /// <summary>The first place of the HTTP exchange that it was connected for: so a simulation knows the order of what comes from the pool. Default: none.</summary>
    internal long FirstPlace { get; init; } = ILoopItem.NoPlace;

    /// <summary>Whether a read has got the end.</summary>
    internal bool HasEnded { get; private set; }

    public override bool CanRead => !_isDisposed;

    public override bool CanWrite => !_isDisposed;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _read.StartReading(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => _write.StartWriting(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <exception cref="InvalidOperationException">Nothing has arrived, and this is the loop's thread, which must not block.</exception>
    public override int Read(byte[] buffer, int offset, int count) => Finish(ReadAsync(buffer.AsMemory(offset, count)), "ReadAsync");

    /// <exception cref="InvalidOperationException">The system does not take it, and this is the loop's thread, which must not block.</exception>
    public override void Write(byte[] buffer, int offset, int count)
        => Finish(_write.StartWritingCounted(buffer.AsMemory(offset, count)), "WriteAsync");

    /// <summary>Nothing is kept back.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc cref="Flush"/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            if (_loop.IsOnThread)
            {
                // At once, so that the descriptor is free when the call returns.
                _transport.Dispose();
            }
            else
            {
                _loop.Submit(new Closing(_transport, ArrivalPlaces.Of(FirstPlace, ArrivalKind.Close)));
            }
        }

        base.Dispose(disposing);
    }

    public override ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    private int TakePrefix(Span<byte> buffer)
    {
        var count = Math.Min(_prefix.Length, buffer.Length);
        _prefix.Span[..count].CopyTo(buffer);
        _prefix = _prefix[count..];
        return count;
    }

    private int Finish(ValueTask<int> operation, string awaitingTwin)
    {
        if (!operation.IsCompleted && _loop.IsOnThread)
        {
            throw new InvalidOperationException(
                $"A synchronous read or write would block the thread of the loop '{_loop.Name}' until the other end acts. "
                + $"The operation goes on, and the stream is good for nothing more. Use {awaitingTwin}.");
        }

        return operation.IsCompleted ? operation.Result : operation.AsTask().GetAwaiter().GetResult();
    }

    private sealed class Closing(StreamTransport transport, long place) : ILoopItem
    {
        public long Place => place;

        public void Run() => transport.Dispose();

        /// <summary>The loop has closed its descriptors.</summary>
        public void Drop()
        {
        }
    }
}
