using System.Net;

namespace Heddle;

/// <summary>The stream ended before all that was asked for had come. The counterpart of asyncio's <c>IncompleteReadError</c>.</summary>
public class IncompleteReadException : EndOfStreamException
{
    private IncompleteReadException(string message, byte[] partial)
        : base(message) => Partial = partial;

    /// <summary>What came before the end. It counts as read.</summary>
    public ReadOnlyMemory<byte> Partial { get; }

    internal static IncompleteReadException Of(int? expected, byte[] partial, EndPoint? remote) => new(
        $"{IoFailures.Name(remote)} ended its stream after {partial.Length} bytes, "
        + (expected is null ? "before the separator that was waited for. " : $"where {expected} were waited for. ")
        + "It closed early, or speaks another protocol.",
        partial);
}
