using System.Collections.Frozen;
using System.Net.Http.Headers;
using System.Text;

namespace Heddle;

/// <summary>How the bytes of a body are text.</summary>
internal static class BodyText
{
    /// <summary>How the web also writes what .NET knows by another name (encoding.spec.whatwg.org).</summary>
    private static readonly FrozenDictionary<string, Encoding> s_labels = new Dictionary<string, Encoding>
    {
        ["utf8"] = Encoding.UTF8,
        ["unicode-1-1-utf-8"] = Encoding.UTF8,
        ["unicode11utf8"] = Encoding.UTF8,
        ["unicode20utf8"] = Encoding.UTF8,
        ["x-unicode20utf8"] = Encoding.UTF8,
        ["iso8859-1"] = Encoding.Latin1,
        ["iso88591"] = Encoding.Latin1,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    internal static Encoding EncodingOf(HttpContentHeaders headers, Exchange exchange)
    {
        var charset = headers.ContentType?.CharSet?.Trim('"', '\'', ' ');
        if (string.IsNullOrEmpty(charset))
        {
            return Encoding.UTF8;
        }

        if (s_labels.TryGetValue(charset, out var labelled))
        {
            return labelled;
        }

        try
        {
            return Encoding.GetEncoding(charset);
        }
        catch (ArgumentException failure)
        {
            throw new NotSupportedException(
                $"{HttpFailures.What(exchange)} was answered in the charset '{charset}', which is unknown here. It is misspelt, or an older code "
                + "page. Register CodePagesEncodingProvider.Instance with Encoding.RegisterProvider, or read the bytes and decode them yourself.",
                failure);
        }
    }

    /// <summary>The bytes after the byte order mark, if they begin with one.</summary>
    internal static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes, Encoding encoding)
        => encoding.Preamble is { Length: > 0 } mark && bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes;
}
