namespace Heddle.LowLevel;

/// <summary>
/// What an executor knows of its calls, and does with all of them alike: who may come in, how they end, and that disposing of the executor waits for
/// them. What an executor of one's own is made of; so are those of the library. Loop thread only.
/// </summary>
public sealed class ExecutorCalls
{
    private readonly LinkedList<Action<Exception>> _calls = [];
    private readonly LoopBinding _binding = new();
    private readonly string _name;
    private readonly int _maxWorkers;
    private readonly int _queueLimit;
    private CoroutineSource<Nothing>? _empty;
    private long _completed;
    private long _failed;
    private long _canceled;

    /// <summary>Those of an executor that has none yet.</summary>
    /// <param name="name">Names the executor in errors and reports.</param>
    /// <param name="maxWorkers">How many calls can run at once.</param>
    /// <param name="queueLimit">How many may wait besides.</param>
    /// <param name="stopGrace">How long a function that was asked to stop may take.</param>
    /// <exception cref="ArgumentException">There is no name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There would be no worker, or a limit is negative.</exception>
    public ExecutorCalls(string name, int maxWorkers, int queueLimit, TimeSpan stopGrace)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxWorkers);
        ArgumentOutOfRangeException.ThrowIfNegative(queueLimit);
        Durations.ThrowIfNegative(stopGrace, nameof(stopGrace));
        (_name, _maxWorkers, _queueLimit, StopGrace) = (name, maxWorkers, queueLimit, stopGrace);
    }

    /// <summary>How long a function that was asked to stop may take.</summary>
    public TimeSpan StopGrace { get; }

    /// <summary>Whether no more calls are taken.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>How many are in, and somebody waits for them.</summary>
    public int Count => _calls.Count;

    /// <summary>How many functions run though nobody waits for them.</summary>
    public int Abandoned { get; private set; }

    /// <summary>Whether the loop that they belong to has ended; false before the first call. Any thread.</summary>
    public bool HasLoopEnded => _binding.Loop is { HasEnded: true };

    /// <summary>Whether there was a call, and with it a loop. Any thread.</summary>
    public bool HasLoop => _binding.Loop is not null;

    /// <summary>Runs a call and counts how it ends.</summary>
    /// <param name="call">Not started yet. It begins with <see cref="Enter"/>.</param>
    public async Coroutine<TResult> CountAsync<TResult>(Coroutine<TResult> call)
    {
        try
        {
            var result = await call;
            _completed++;
            return result;
        }
        catch (ScopeCanceledException)
        {
            _canceled++;
            throw;
        }
        catch
        {
            _failed++;
            throw;
        }
    }

    /// <summary>That the running task may call. The first call makes its loop the executor's.</summary>
    /// <param name="member">What was called, for errors.</param>
    /// <exception cref="InvalidOperationException">This is not the executor's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled.</exception>
    public void Bind(string member) => _binding.Bind(member).ThrowIfCanceled();

    /// <summary>Takes a call in, if it may come in, until what this returns is disposed of.</summary>
    /// <param name="work">What is called.</param>
    /// <param name="giveUp">Called when the executor is closed abruptly: ends the call with that failure.</param>
    /// <exception cref="ExecutorClosedException">No more calls are taken.</exception>
    /// <exception cref="ExecutorFullException">More wait than may.</exception>
    public IDisposable Enter(WorkItem work, Action<Exception> giveUp)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (IsClosed)
        {
            throw ExecutorClosedException.BeforeCall(_name, work);
        }

        if (!work.IsBounded && _calls.Count + Abandoned >= (long)_maxWorkers + _queueLimit)
        {
            throw ExecutorFullException.For(_name, _queueLimit, work);
        }

        if (_binding.Loop is null)
        {
            _binding.Bind("ExecutorCalls.Enter");
        }

        return new Entry(this, _calls.AddLast(giveUp));
    }

    /// <summary>Nobody waits for the function any more, and it runs on: says so to the loop's reports.</summary>
    public void BeginAbandoned(WorkItem work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Abandoned++;
        _binding.Loop!.Report(ExecutorReports.Abandoned(_name, work.ToString()));
    }

    /// <summary>A function has ended that nobody waits for.</summary>
    /// <param name="work">What was called.</param>
    /// <param name="failure">What it has failed with, which is reported unless it says that it was cancelled.</param>
    public void EndAbandoned(WorkItem work, Exception? failure)
    {
        ArgumentNullException.ThrowIfNull(work);
        Abandoned--;
        if (failure is not (null or OperationCanceledException))
        {
            _binding.Loop!.Report(ExecutorReports.AbandonedFailed(_name, work.ToString(), failure));
        }
    }

    /// <summary>Takes no more calls.</summary>
    public void Close() => IsClosed = true;

    /// <summary>Takes no more calls and waits for those that are in; in a cancelled scope it gives them up. Never throws.</summary>
    public async Coroutine CloseAsync()
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

    /// <summary>Has a callback run on the executor's loop, which drops it once it has ended. Any thread.</summary>
    public void OnLoop(Action callback) => _binding.Loop!.Submit(callback);

    /// <summary>Says by the loop's reports what would be silent. After the loop's end, too.</summary>
    public void Report(string message, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        _binding.Loop!.Report(new(LoopReportKind.UnhandledFailure, message, exception: failure));
    }

    /// <summary>The executor at this moment.</summary>
    /// <param name="workers">How many workers it has.</param>
    /// <param name="waiting">How many of the calls wait for one.</param>
    /// <param name="lostWorkers">How many have died.</param>
    public ExecutorStatistics StatisticsWith(int workers, int waiting, long lostWorkers) => new(
        workers, _maxWorkers, Math.Max(0, Count - waiting), waiting, Abandoned, _completed, _failed, _canceled, lostWorkers, IsClosed);

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
                $"'{_name}' was closed in a cancelled scope while this call waited or ran, so there is no result. Let the executor outlive the "
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

    private sealed class Entry(ExecutorCalls calls, LinkedListNode<Action<Exception>> call) : IDisposable
    {
        public void Dispose()
        {
            if (call.List is not null)
            {
                calls.Leave(call);
            }
        }
    }
}
