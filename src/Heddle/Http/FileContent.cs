using System.Net;
using System.Net.Http.Headers;

namespace Heddle;

/// <summary>A file as the body of a request, read while it is sent and never held in memory as a whole.</summary>
/// <remarks>
/// It is opened when it is sent and closed after that, so there is nothing to dispose of, and it can be sent again, after a
/// redirect for instance. Of one that grows meanwhile as much is sent as it had at the beginning. On Linux a named pipe is read to its
/// end, once somebody writes to it. In a <see cref="MultipartFormDataContent"/> it is an upload: <c>form.Add(file, "field", "name.txt")</c>.
/// </remarks>
public sealed class FileContent : HttpContent
{
    private const int PieceSize = 64 * 1024;

    private readonly string _path;

    /// <summary>
    /// What was said when somebody first asked; a form has it in its own total then. Not kept in the headers: those of a part are written
    /// into the form.
    /// </summary>
    private long? _length;

    /// <summary>The file at the path.</summary>
    /// <param name="path">It is opened for reading when the request is sent.</param>
    /// <param name="mediaType">Default: <c>application/octet-stream</c>.</param>
    /// <exception cref="FormatException">The media type is none.</exception>
    public FileContent(string path, string? mediaType = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType ?? "application/octet-stream");
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var announced = _length ?? (Headers.Contains("Content-Length") ? Headers.ContentLength : TryComputeLength(out var length) ? length : null);
        var file = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            await CopyAsync(file, stream, announced ?? long.MaxValue, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        if (_length is null && new FileInfo(_path) is { Exists: true } file && (file.Length > 0 || IsEmpty(_path)))
        {
            _length = file.Length;
        }

        length = _length ?? 0;
        return _length is not null;
    }

    /// <summary>
    /// What has no length may have a content all the same: named pipes, devices, and what the system makes up when it is read. To open one
    /// may wait without end, so what may be one is not opened.
    /// </summary>
    private static bool IsEmpty(string path)
    {
        try
        {
            if (FileFacts.Of(path, follow: true)?.Kind is FileKind.Fifo or FileKind.Device or FileKind.Socket or FileKind.Other)
            {
                return false;
            }

            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return RandomAccess.Read(file, new byte[1], 0) == 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Sending it says why.
            return false;
        }
    }

    /// <summary>Not on the thread that sends, which may be a loop's, if it has to wait for somebody who writes.</summary>
    private async Task<Stream> OpenAsync(CancellationToken token) => FileFacts.Of(_path, follow: true)?.Kind == FileKind.Fifo
        ? await NamedPipe.OpenToReadAsync(_path, token).ConfigureAwait(false)
        : new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.Asynchronous);

    /// <summary>No more than was announced: a log grows while it is sent.</summary>
    private static async Task CopyAsync(Stream file, Stream stream, long left, CancellationToken token)
    {
        var buffer = new byte[PieceSize];
        while (left > 0 && await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, PieceSize)), token).ConfigureAwait(false) is var count and > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), token).ConfigureAwait(false);
            left -= count;
        }
    }
}
