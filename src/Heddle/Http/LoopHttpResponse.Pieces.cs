namespace Heddle;

/// <content>The body piece by piece.</content>
public sealed partial class LoopHttpResponse
{
    /// <summary>Fairness: how many pieces in a row may come without a turn for others.</summary>
    internal const int PiecesPerTurn = 64;

    private const int PieceSize = 32 * 1024;
    private const int DefaultMaxLength = 1024 * 1024;

    private Task<Stream>? _opening;
    private Stream? _stream;
    private byte[]? _buffer;
    private bool _isBeingRead;
    private bool _hasEnded;
    private bool _isClosed;

    /// <summary>The body in pieces, as they come. Each is valid until the next is asked for.</summary>
    /// <remarks>
    /// Leaving the enumeration before its end disposes of the response, which closes the connection; at the end of the body
    /// the connection is given back. A body that is in memory can be enumerated any number of times, else it can once.
    /// </remarks>
    /// <inheritdoc cref="ReadAsBytesAsync" path="/exception"/>
    public Pieces<ReadOnlyMemory<byte>> ReadChunksAsync() => new(() => new ChunkReader(this));

    /// <summary>The lines of the body, as they come, without their ends (LF or CRLF). What follows the last end is a line too, unless it is empty.</summary>
    /// <param name="maxLength">How many characters a line may have: a server that never ends one must not fill the memory. Default: 1,048,576.</param>
    /// <remarks>Decoded by the charset of its <c>Content-Type</c>; UTF-8 if there is none. As to leaving early see <see cref="ReadChunksAsync"/>.</remarks>
    /// <exception cref="InvalidDataException">A line is longer.</exception>
    /// <inheritdoc cref="ReadAsBytesAsync" path="/exception"/>
    /// <exception cref="NotSupportedException">The charset is unknown here.</exception>
    public Pieces<string> ReadLinesAsync(int maxLength = DefaultMaxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxLength);
        return new(() => new LineReader(this, maxLength));
    }

    /// <summary>Writes the body to the stream, piece by piece, as it comes.</summary>
    /// <remarks>A write that is under way when the scope is cancelled is told so by its token, and awaited.</remarks>
    /// <inheritdoc cref="ReadAsBytesAsync" path="/exception"/>
    public async Coroutine CopyToAsync(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        await CancelScope.RunAsync(async scope =>
        {
            var token = scope.Token;
            await foreach (var piece in ReadChunksAsync())
            {
                await destination.WriteAsync(piece, token);
            }
        });
    }

    /// <summary>Writes the body to a file, which is there as a whole or not at all: until the end it has another name beside its own.</summary>
    /// <remarks>
    /// A file that is there is replaced; the new one has its mode, and its owner and group if this program may give it those. Without the
    /// group it has none of the group's rights either. A symbolic link stays, and the file that it leads to is replaced. On Linux a named
    /// pipe, for whose reader it waits, or a device is written to.
    /// </remarks>
    /// <exception cref="IOException">It is a directory or a socket, what stands there cannot be told, or the file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This program may not write it.</exception>
    /// <inheritdoc cref="ReadAsBytesAsync" path="/exception"/>
    public async Coroutine SaveToFileAsync(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        LoopTask.CurrentOrThrow().ThrowIfCanceled();
        try
        {
            await FileTarget.SaveAsync(path, CopyToAsync);
        }
        catch
        {
            Close();
            throw;
        }
    }

    internal Exchange Exchange => _exchange;

    internal System.Net.Http.Headers.HttpContentHeaders BodyHeaders => _message.Content.Headers;

    /// <summary>Claims the body, which comes from the server once only.</summary>
    internal void BeginReading()
    {
        if (_body is not null)
        {
            return;
        }

        if (_isBeingRead || _isClosed)
        {
            throw NotReadable();
        }

        _isBeingRead = true;
    }

    /// <summary>The next piece if it needs no waiting: empty at the end, null if it has to be waited for.</summary>
    /// <param name="pending">The read to hand to <see cref="WaitForNextAsync"/>.</param>
    internal ReadOnlyMemory<byte>? TryNext(out ValueTask<int> pending)
    {
        pending = default;
        if (_hasEnded)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        if (_isClosed || _exchange.IsClientDisposed || !TryOpen())
        {
            // A stream of the handler's that was disposed of would say that the body has ended.
            return null;
        }

        _buffer ??= GC.AllocateUninitializedArray<byte>(PieceSize);

        pending = StartRead(_buffer);

        // Not by '?:', in which null would be an empty piece, by the conversion from an array.
        if (pending.IsCompletedSuccessfully)
        {
            return OnRead(pending.Result);
        }

        return null;
    }

    internal async Coroutine<ReadOnlyMemory<byte>> WaitForNextAsync(ValueTask<int> pending)
    {
        try
        {
            if (_stream is null)
            {
                await OpenAsync();
                _buffer = GC.AllocateUninitializedArray<byte>(PieceSize);
                pending = StartRead(_buffer);
            }

            ThrowIfClosed();
            return OnRead(await _exchange.WaitAsync(pending, Reading));
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Whether there is a stream to read from; if not, <see cref="OpenAsync"/> must follow.</summary>
    private bool TryOpen()
    {
        if (_stream is null)
        {
            _opening ??= StartOpening();
            if (!_opening.IsCompletedSuccessfully)
            {
                return false;
            }

            _stream = _opening.Result;
        }

        return true;
    }

    private async Coroutine OpenAsync()
    {
        ThrowIfClosed();
        if (!TryOpen())
        {
            _stream = await _exchange.WaitAsync(new ValueTask<Stream>(_opening!), Reading);
        }
    }

    private Task<Stream> StartOpening()
    {
        try
        {
            return _message.Content.ReadAsStreamAsync(_exchange.Token);
        }
        catch (Exception failure)
        {
            return Task.FromException<Stream>(failure);
        }
    }

    private void ThrowIfClosed()
    {
        if (_exchange.IsClientDisposed)
        {
            throw HttpFailures.ClientDisposed(_exchange);
        }

        if (_isClosed)
        {
            throw NotReadable();
        }
    }

    /// <summary>Also what a stream throws at once is met where the read is awaited.</summary>
    private ValueTask<int> StartRead(Memory<byte> buffer)
    {
        try
        {
            return _stream!.ReadAsync(buffer, _exchange.Token);
        }
        catch (Exception failure)
        {
            return ValueTask.FromException<int>(failure);
        }
        finally
        {
            _exchange.Loop.AwaitHttp();
        }
    }

    private InvalidOperationException NotReadable() => new(
        $"The body of {this} cannot be read: it was read in pieces before, is being read, or the response was disposed of. "
        + "A streamed body comes once. Read it in one place, or get it as a whole with ReadAsBytesAsync first.");

    private const string Reading = "reading the answer's body";

    private ReadOnlyMemory<byte> OnRead(int count)
    {
        if (count == 0)
        {
            _hasEnded = true;
            Close();
        }

        return _buffer.AsMemory(0, count);
    }
}
