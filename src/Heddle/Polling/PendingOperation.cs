using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A poller that knows how many operations are under way.</summary>
internal abstract class CountingPoller(EventLoop loop)
{
    public int PendingOperations { get; internal set; }

    internal EventLoop Loop => loop;

    /// <summary>Something threw that no operation is left to fail with: it must not end the loop, nor the others' I/O.</summary>
    internal void Report(Exception failure) => loop.Report(LoopReports.CallbackFailed(null, failure));
}

/// <summary>A completion that can be told an exception, where the operation did not end as the system says but threw.</summary>
internal interface IFailingCompletion
{
    void Fail(Exception failure);
}

internal static class IoCompletions
{
    /// <summary>The operation threw.</summary>
    internal static void Fail<T>(this IIoCompletion<T> completion, Exception failure)
    {
        if (completion is IFailingCompletion own)
        {
            own.Fail(failure);
        }
        else
        {
            completion.Complete(new(SocketError.Fault));
        }
    }
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
        if (TryTake(poller) is not { } completion)
        {
            return;
        }

        try
        {
            completion.Complete(result);
        }
        catch (Exception failure)
        {
            poller.Report(failure);
        }
    }

    /// <summary>It threw: that is its own failure, and nobody else's.</summary>
    internal void Fail(CountingPoller poller, Exception failure)
    {
        if (TryTake(poller) is not { } completion)
        {
            poller.Report(failure);
            return;
        }

        try
        {
            completion.Fail(failure);
        }
        catch (Exception another)
        {
            poller.Report(another);
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
