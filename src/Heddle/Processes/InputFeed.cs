using Heddle.LowLevel;

namespace Heddle;

/// <summary>Sends a content to a process while it reads, and then the end. It needs no task.</summary>
internal sealed class InputFeed(StreamTransport input, ReadOnlyMemory<byte> content, EventLoop loop) : IIoCompletion<int>, IFailingCompletion
{
    private ReadOnlyMemory<byte> _left = content;

    public void Complete(IoResult<int> result)
    {
        try
        {
            Send(result);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    /// <summary>The content, whose memory is the caller's, is gone: the process gets no more of it.</summary>
    public void Fail(Exception failure)
    {
        input.Abort();
        loop.Report(LoopReports.CallbackFailed(null, failure));
    }

    internal void Start() => Complete(new IoResult<int>(0));

    private void Send(IoResult<int> result)
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
}
