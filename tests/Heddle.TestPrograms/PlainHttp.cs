using System.Globalization;
using System.Text;

namespace Heddle.TestPrograms;

/// <summary>As much of an HTTP/1.1 server as the simulated programs need, and no more than plain reads and writes.</summary>
internal static class PlainHttp
{
    /// <summary>Answers one request after the other, until the client or the answer ends the connection.</summary>
    internal static async Coroutine ServeAsync(TcpConnection connection, Func<PlainRequest, Coroutine<PlainAnswer>> answer)
    {
        while (await connection.Reader.ReadLineAsync() is { Length: > 0 } first)
        {
            var words = first.Split(' ');
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await connection.Reader.ReadLineAsync() is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                headers[line[..colon]] = line[(colon + 1)..].Trim();
            }

            var length = headers.TryGetValue("Content-Length", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
            var body = length == 0 ? [] : await connection.Reader.ReadExactlyAsync(length);
            var made = await answer(new(words[0], words[1], headers, body));
            Write(connection, made);
            await connection.Writer.FlushAsync();
            if (made.Closes)
            {
                return;
            }
        }
    }

    private static void Write(TcpConnection connection, PlainAnswer answer)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} .\r\n");
        foreach (var header in answer.Headers)
        {
            head.Append(header).Append("\r\n");
        }

        head.Append(answer.Closes ? "Connection: close\r\n" : "");
        head.Append(answer.IsChunked ? "Transfer-Encoding: chunked\r\n\r\n" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n\r\n"));
        connection.Writer.Write(head.ToString());
        if (!answer.IsChunked)
        {
            connection.Writer.Write(answer.Body);
            return;
        }

        foreach (var chunk in answer.Body.Chunk(300))
        {
            connection.Writer.Write(string.Create(CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n"));
            connection.Writer.Write(chunk);
            connection.Writer.Write("\r\n");
        }

        connection.Writer.Write("0\r\n\r\n");
    }
}

internal sealed record PlainRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body);

internal sealed record PlainAnswer(byte[] Body, int Status = 200)
{
    internal IReadOnlyList<string> Headers { get; init; } = [];

    internal bool IsChunked { get; init; }

    internal bool Closes { get; init; }
}
