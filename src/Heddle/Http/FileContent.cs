using System.Net;
using System.Net.Http.Headers;

namespace Heddle;

/// <summary>A file as the body of a request, read while it is sent and never held in memory as a whole.</summary>
/// <remarks>
/// It is opened when it is sent and closed after that, so there is nothing to dispose of, and it can be sent again, after a
/// redirect for instance. In a <see cref="MultipartFormDataContent"/> it is an upload: <c>form.Add(file, "field", "name.txt")</c>.
/// </remarks>
public sealed class FileContent : HttpContent
{
    private const int PieceSize = 64 * 1024;

    private readonly string _path;

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
        var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            await file.CopyToAsync(stream, PieceSize, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        var file = new FileInfo(_path);
        length = file.Exists ? file.Length : 0;
        return file.Exists;
    }
}
