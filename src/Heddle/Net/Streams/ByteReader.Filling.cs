using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Reading into the reader's own buffer, where it stays.</content>
public sealed partial class ByteReader
{
    /// <summary>Takes in all that comes, to the end or until it is more than the limit, for a later read. What had come stays there if it is cancelled.</summary>
    internal async Coroutine FillToEndAsync(int limit)
    {
        BeginReading();
        while (Buffered <= limit && await FillAsync() > 0)
        {
        }
    }

    /// <summary>Takes in what can be had without a wait, up to what a pipe can hold.</summary>
    internal void FillAtOnce()
    {
        // What an unprivileged program can make of a pipe. More than that somebody else goes on writing.
        const int Most = 1024 * 1024;
        ThrowIfNotReadable();
        for (var end = Buffered + (long)Most; Buffered < end && !_hasEnded && _failure == SocketError.Success;)
        {
            _transport.LookAnew();
            var result = _transport.Receive(MakeRoom(), NobodyWaits.Instance);
            if (result.IsPending)
            {
                _transport.TryCancelReceive();
                break;
            }

            _failure = result.Error;
            _hasEnded = result is { IsSuccess: true, Value: 0 };
            _end += result.Value;
        }

        Consume(0);
    }

    /// <summary>For a receive that is taken back at once.</summary>
    private sealed class NobodyWaits : IIoCompletion<int>
    {
        internal static NobodyWaits Instance { get; } = new();

        public void Complete(IoResult<int> result)
        {
        }
    }
}
