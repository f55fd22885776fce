namespace Heddle;

/// <summary>What an executor knows of its calls. Loop thread only.</summary>
internal sealed class CallBook(string name, int maxWorkers, int queueLimit, TimeSpan stopGrace)
{
    private readonly LinkedList<Action<Exception>> _calls = [];
    private CoroutineSource<Nothing>? _empty;
    private EventLoop? _loop;

    /// <summary>How long a function that was asked to stop may take.</summary>
    internal TimeSpan StopGrace => stopGrace;

    internal bool IsClosed { get; private set; }

    /// <summary>Calls that someone waits for.</summary>
    internal int Count => _calls.Count;

    /// <summary>Functions that run though nobody waits for them.</summary>
    internal int Abandoned { get; private set; }

    internal long Completed { get; set; }

    internal long Failed { get; set; }

    internal long Canceled { get; set; }

    /// <summary>Runs a call and counts how it ended.</summary>
    internal async Coroutine<TResult> CountAsync<TResult>(Coroutine<TResult> call)
    {
        try
        {
            var result = await call;
            Completed++;
            return result;
        }
        catch (ScopeCanceledException)
        {
            Canceled++;
            throw;
        }
        catch
        {
            Failed++;
            throw;
        }
    }

    /// <summary>Takes a call in, if it may come in.</summary>
    /// <param name="work">What is called.</param>
    /// <param name="giveUp">Called when the executor is closed abruptly: ends the call with that failure.</param>
    internal Entry Enter(WorkItem work, Action<Exception> giveUp)
    {
        if (IsClosed)
        {
            throw ExecutorClosedException.BeforeCall(name, work);
        }

        if (!work.IsBounded && _calls.Count + Abandoned >= (long)maxWorkers + queueLimit)
        {
            throw ExecutorFullException.For(name, queueLimit, work);
        }

        _loop = EventLoop.Current;
        return new(this, _calls.AddLast(giveUp));
    }

    internal void BeginAbandoned(WorkItem work)
    {
        Abandoned++;
        _loop!.Report(ExecutorReports.Abandoned(name, work.ToString()));
    }

    internal void EndAbandoned(WorkItem work, Exception? failure)
    {
        Abandoned--;
        if (failure is not (null or OperationCanceledException))
        {
            _loop!.Report(ExecutorReports.AbandonedFailed(name, work.ToString(), failure));
        }
    }

    internal void Close() => IsClosed = true;

    /// <summary>Takes no more calls and waits for those that are in; in a cancelled scope it gives them up. Never throws.</summary>
    internal async Coroutine CloseAsync()
    {
        Close();
        try
        {
            await DrainAsync();
        }
        catch (ScopeCanceledException) when (CancelScope.Current.IsCanceled)
        {
            GiveUp();
            await CancelScope.ShieldAsync(DrainAsync);
        }
    }

    private async Coroutine DrainAsync()
    {
        while (_calls.Count > 0)
        {
            await (_empty ??= new());
        }
    }

    private void GiveUp()
    {
        foreach (var call in _calls.ToArray())
        {
            call(new ExecutorClosedException(
                $"'{name}' was closed in a cancelled scope while this call waited or ran, so there is no result. Let the executor outlive the "
                + "tasks that use it, or dispose of it outside of what is cancelled."));
        }
    }

    private void Leave(LinkedListNode<Action<Exception>> call)
    {
        _calls.Remove(call);
        if (_calls.Count == 0 && _empty is { } empty)
        {
            _empty = null;
            empty.SetResult(default);
        }
    }

    /// <summary>A call that is in.</summary>
    internal readonly struct Entry(CallBook book, LinkedListNode<Action<Exception>> call) : IDisposable
    {
        public void Dispose() => book.Leave(call);
    }
}
