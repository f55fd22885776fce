using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A poller that knows how many operations are under way.</summary>
internal abstract class CountingPoller
{
    public int PendingOperations { get; internal set; }
}

/// <summary>The one operation that may be under way in a direction, counted by its poller.</summary>
internal struct PendingOperation<T>
{
    private IIoCompletion<T>? _completion;

    internal readonly bool IsPending => _completion is not null;

    internal IoResult<T> Begin(CountingPoller poller, IIoCompletion<T> completion)
    {
        _completion = completion;
        poller.PendingOperations++;
        return IoResult<T>.Pending;
    }

    internal void End(CountingPoller poller, IoResult<T> result)
    {
        if (TryTake(poller) is { } completion)
        {
            completion.Complete(result);
        }
    }

    internal void Abort(CountingPoller poller) => End(poller, new(SocketError.OperationAborted));

    internal bool TryCancel(CountingPoller poller) => TryTake(poller) is not null;

    private IIoCompletion<T>? TryTake(CountingPoller poller)
    {
        var completion = _completion;
        if (completion is not null)
        {
            _completion = null;
            poller.PendingOperations--;
        }

        return completion;
    }
}
