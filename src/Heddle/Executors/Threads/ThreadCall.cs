namespace Heddle;

/// <summary>A call that a thread takes.</summary>
internal abstract class ThreadCall
{
    protected ThreadCall() => Place = new(this);

    /// <summary>Where it stands among those that wait.</summary>
    internal LinkedListNode<ThreadCall> Place { get; }

    /// <summary>Calls the function. On a worker thread; never throws.</summary>
    internal abstract void Run();

    /// <summary>Lets who waits for it know how it ended. After <see cref="Run"/>, on the same thread; never throws.</summary>
    internal abstract void Deliver();
}

/// <summary>A call of a function on a thread. Who waits and who runs it agree by its state on what becomes of the result.</summary>
internal sealed class ThreadCall<TResult> : ThreadCall, IDisposable
{
    private readonly WorkItem<TResult> _work;
    private readonly Action<Exception?> _endedAbandoned;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly CancellationTokenSource? _stop;
    private readonly TaskCompletionSource<TResult> _end = new();
    private volatile CallState _state;
    private TResult? _result;
    private Exception? _failure;

    /// <param name="work">What is called.</param>
    /// <param name="token">Cancels the token that the function gets, if it takes one.</param>
    /// <param name="endedAbandoned">Called on the worker thread when a function has ended, and how, whose call was abandoned.</param>
    internal ThreadCall(WorkItem<TResult> work, CancellationToken token, Action<Exception?> endedAbandoned)
    {
        _work = work;
        _endedAbandoned = endedAbandoned;
        _stop = work.TakesToken ? CancellationTokenSource.CreateLinkedTokenSource(token) : null;
    }

    /// <summary>How the call ends. Continuations run on the worker thread.</summary>
    internal Task<TResult> End => _end.Task;

    /// <summary>Gives up the result, whatever it will be.</summary>
    /// <returns>False if the function has ended, or the call was given up before: <see cref="End"/> has come or is about to.</returns>
    internal bool TryAbandon()
    {
        var state = _state;
        while (state is CallState.Waiting or CallState.Running)
        {
            var before = Interlocked.CompareExchange(ref _state, CallState.Abandoned, state);
            if (before == state)
            {
                return true;
            }

            state = before;
        }

        return false;
    }

    /// <summary>No function runs for it any more.</summary>
    public void Dispose() => _stop?.Dispose();

    /// <summary>Ends the call, which no function will end any more.</summary>
    internal void Fail(Exception failure)
    {
        _end.TrySetException(failure);
        _ = _stop?.CancelAsync();
    }

    internal override void Run()
    {
        if (Interlocked.CompareExchange(ref _state, CallState.Running, CallState.Waiting) != CallState.Waiting)
        {
            return;
        }

        if (_context is null)
        {
            Invoke();
        }
        else
        {
            ExecutionContext.Run(_context, static call => ((ThreadCall<TResult>)call!).Invoke(), this);
        }
    }

    internal override void Deliver()
    {
        if (Interlocked.Exchange(ref _state, CallState.Ended) == CallState.Abandoned)
        {
            _endedAbandoned(_failure);
        }
        else if (_failure is null)
        {
            _end.TrySetResult(_result!);
        }
        else
        {
            _end.TrySetException(_failure);
        }
    }

    private void Invoke()
    {
        try
        {
            _result = _work.Invoke(_stop?.Token ?? CancellationToken.None);
        }
        catch (Exception thrown)
        {
            _failure = thrown;
        }
    }

    private enum CallState
    {
        Waiting,
        Running,
        Abandoned,
        Ended,
    }
}
