using Heddle.LowLevel;

namespace Heddle;

/// <summary>Sends a content to a process while it reads, and then the end. It needs no task.</summary>
internal sealed class InputFeed(StreamTransport input, ReadOnlyMemory<byte> content) : IIoCompletion<int>
{
    private ReadOnlyMemory<byte> _left = content;

    public void Complete(IoResult<int> result)
    {
        while (!result.IsPending)
        {
            // One that does not want all of it closes its end, and that is its good right.
            if (!result.IsSuccess || _left.Length == result.Value)
            {
                input.Dispose();
                return;
            }

            _left = _left[result.Value..];
            result = input.Send(new(in _left), this);
        }
    }

    internal void Start() => Complete(new IoResult<int>(0));
}
