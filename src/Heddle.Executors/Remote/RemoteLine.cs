using Heddle.LowLevel;

namespace Heddle;

/// <summary>
/// The calls of an executor whose workers are elsewhere: those that wait, in the order of their coming, and those that are sent, at most as
/// many as there are workers. Loop thread only.
/// </summary>
/// <param name="calls">Told of abandoned calls.</param>
/// <param name="open">Finds the workers: called with the first call, and again after it has failed.</param>
/// <param name="send">Takes a call to a worker.</param>
internal sealed class RemoteLine(
    ExecutorCalls calls, Func<CancellationToken, Task> open, Func<RemoteCall, Task<byte[]>> send)
{
    private readonly LinkedList<RemoteCall> _waiting = [];
    private readonly HashSet<Task> _sent = [];
    private readonly CancellationTokenSource _closing = new();
    private Task? _opening;
    private int _capacity;

    internal int Waiting => _waiting.Count;

    /// <summary>How many calls can be with workers at once.</summary>
    internal int Capacity
    {
        get => _capacity;
        set
        {
            _capacity = value;
            SendWaiting();
        }
    }

    internal void Add(RemoteCall call)
    {
        _waiting.AddLast(call.Place);
        Open();
        SendWaiting();
    }

    /// <returns>False if it is sent already.</returns>
    internal bool TryRemove(RemoteCall call)
    {
        if (call.Place.List is null)
        {
            return false;
        }

        _waiting.Remove(call.Place);
        return true;
    }

    /// <summary>Gives up the result of a call that is sent. It holds its worker until that has replied.</summary>
    internal void Abandon(RemoteCall call)
    {
        call.Abandon();
        calls.BeginAbandoned(call.Work);
    }

    /// <summary>Ends a call that waits or is sent with that failure.</summary>
    internal void GiveUp(RemoteCall call, Exception failure)
    {
        if (!TryRemove(call) && !call.End.IsCompleted && !call.IsAbandoned)
        {
            Abandon(call);
        }

        call.Fail(failure);
    }

    /// <summary>Ends when nothing is opened or sent any more. No call is to come.</summary>
    internal async Task DrainAsync()
    {
        _capacity = 0;
        var rest = _sent.Append(_opening ?? Task.CompletedTask).ToArray();
        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(rest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Open()
    {
        if (_opening is null)
        {
            var opening = _opening = Task.Run(() => open(_closing.Token), _closing.Token);
            OnEnd(opening, () => OnOpened(opening));
        }
    }

    private void OnOpened(Task opening)
    {
        if (opening.IsCompletedSuccessfully)
        {
            return;
        }

        _opening = null;
        foreach (var call in _waiting)
        {
            call.Fail(opening.Exception?.InnerException ?? new OperationCanceledException());
        }

        _waiting.Clear();
    }

    private void SendWaiting()
    {
        while (_sent.Count < _capacity && _waiting.First is { Value: var call })
        {
            _waiting.RemoveFirst();
            var reply = Task.Run(() => send(call));
            _sent.Add(reply);
            OnEnd(reply, () => OnReplied(call, reply));
        }
    }

    private void OnReplied(RemoteCall call, Task<byte[]> reply)
    {
        _sent.Remove(reply);
        if (call.IsAbandoned)
        {
            calls.EndAbandoned(call.Work, FailureOf(reply));
        }
        else
        {
            call.Finish(reply);
        }

        SendWaiting();
    }

    private static Exception? FailureOf(Task<byte[]> reply)
        => reply.IsCompletedSuccessfully ? RemoteWork.FailureIn(reply.Result) : reply.Exception?.InnerException;

    private void OnEnd(Task task, Action callback)
        => task.ContinueWith(_ => calls.OnLoop(callback), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
