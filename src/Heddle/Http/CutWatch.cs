using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A connection with TLS whose end is an error where no goodbye (close_notify) came before it: SslStream says the same for both.</summary>
/// <remarks>
/// An answer of HTTP/1.1 without a length ends with its connection, and whoever cuts that would make a shorter answer of it. At a goodbye SslStream stops. That it
/// has asked the stream below once more, and met the end, shows that none came.
/// </remarks>
internal sealed class CutWatch(SslStream session, Stream below) : Stream
{
    /// <summary>
    /// Whether something has come since something was sent last. A connection that was cut before a word of the answer came is an end like any other: the
    /// request has met a server that was just closing, and the handler sends it again.
    /// </summary>
    private volatile bool _hasHeard;

    /// <summary>The connection, watched if it can be.</summary>
    /// <param name="connection">What HTTP is to be spoken over.</param>
    internal static Stream Over(Stream connection)
        => connection is SslStream session && Handshake.StreamBelow(session) is (TransportStream or WatchedSocketStream) and var below ? new CutWatch(session, below) : connection;

    public override bool CanRead => session.CanRead;

    public override bool CanWrite => session.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = session.ReadAsync(buffer, cancellationToken);
        return reading.IsCompletedSuccessfully ? new(Checked(reading.Result, buffer.Length)) : AwaitAsync(reading, buffer.Length);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Checked(session.Read(buffer, offset, count), count);

    public override int Read(Span<byte> buffer) => Checked(session.Read(buffer), buffer.Length);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _hasHeard = false;
        return session.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hasHeard = false;
        session.Write(buffer);
    }

    public override void Flush() => session.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => session.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => session.DisposeAsync();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            session.Dispose();
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitAsync(ValueTask<int> reading, int length) => Checked(await reading.ConfigureAwait(false), length);

    private int Checked(int count, int length)
    {
        if (count > 0)
        {
            _hasHeard = true;
        }

        return count == 0 && length > 0 && _hasHeard && below is (TransportStream { HasEnded: true } or WatchedSocketStream { HasEnded: true })
            ? throw new CutException()
            : count;
    }
}

/// <summary>A socket of .NET's as a stream that knows whether it has given its end.</summary>
internal sealed class WatchedSocketStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    internal bool HasEnded { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = base.ReadAsync(buffer, cancellationToken);
        return reading.IsCompletedSuccessfully ? new(Noted(reading.Result, buffer.Length)) : AwaitAsync(reading, buffer.Length);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitAsync(ValueTask<int> reading, int length) => Noted(await reading.ConfigureAwait(false), length);

    private int Noted(int count, int length)
    {
        HasEnded |= count == 0 && length > 0;
        return count;
    }
}

/// <summary>The connection has ended in the midst of the session.</summary>
internal sealed class CutException() : HttpIOException(HttpRequestError.ResponseEnded, "The connection ended without TLS's goodbye (close_notify).");
