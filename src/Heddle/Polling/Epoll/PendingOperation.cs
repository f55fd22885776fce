using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The one operation that may be under way in a direction, counted by its poller.</summary>
internal struct PendingOperation<T>
{
    private IIoCompletion<T>? _completion;

    internal readonly bool IsPending => _completion is not null;

    internal IoResult<T> Begin(EpollPoller poller, IIoCompletion<T> completion)
    {
        _completion = completion;
        poller.PendingOperations++;
        return IoResult<T>.Pending;
    }

    internal void End(EpollPoller poller, IoResult<T> result)
    {
        if (TryTake(poller) is { } completion)
        {
            completion.Complete(result);
        }
    }

    internal void Abort(EpollPoller poller) => End(poller, new(SocketError.OperationAborted));

    internal bool TryCancel(EpollPoller poller) => TryTake(poller) is not null;

    private IIoCompletion<T>? TryTake(EpollPoller poller)
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
