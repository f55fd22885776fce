using System.Diagnostics;

namespace Heddle.LowLevel;

/// <summary>An executor whose workers are on other machines: all that <see cref="IExecutor"/> asks for, but for the way there.</summary>
/// <remarks>
/// A subclass finds the workers (<see cref="OpenAsync"/>), says how many there are (<see cref="SetWorkers"/>), and takes packed calls to them
/// (<see cref="SendAsync"/>). Here calls wait in the order of their coming until a worker is free, are packed and unpacked with
/// <see cref="RemoteWork"/>, counted, cancelled and given up. What a subclass is asked to do it does off the loop.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class RemoteExecutor : IElasticExecutor
{
    private readonly ExecutorCalls _calls;
    private RemoteLine? _line;
    private long _lostWorkers;
    private bool _hasOpened;

    /// <summary>An executor that has found no workers yet.</summary>
    /// <param name="name">For errors.</param>
    /// <param name="maxConcurrency">How many calls can run at once, however many workers there are.</param>
    /// <param name="queueLimit">How many calls may wait for a worker.</param>
    /// <param name="stopGrace">How long a function that takes a token has to stop once its call is cancelled, before it is abandoned.</param>
    /// <exception cref="ArgumentException">There is no name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There would be no worker, or a limit is negative.</exception>
    protected RemoteExecutor(string name, int maxConcurrency, int queueLimit, TimeSpan stopGrace)
    {
        Name = name;
        MaxConcurrency = maxConcurrency;
        _calls = new(name, maxConcurrency, queueLimit, stopGrace);
    }

    /// <inheritdoc/>
    public event Action? WorkersChanged;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int MaxConcurrency { get; }

    /// <inheritdoc/>
    public ExecutorStatistics Statistics => _calls.StatisticsWith(_line?.Capacity ?? 0, _line?.Waiting ?? 0, Interlocked.Read(ref _lostWorkers));

    /// <inheritdoc/>
    public async Coroutine<TResult> ExecuteAsync<TResult>(WorkItem<TResult> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _calls.Bind("IExecutor.ExecuteAsync");
        return await _calls.CountAsync(CallAsync(work));
    }

    /// <summary>Takes no more calls, waits for those that it took, and lets go of the workers. Never throws.</summary>
    /// <remarks>
    /// In a cancelled scope, also one that is cancelled while it waits, it waits no longer: calls that wait or run fail with an
    /// <see cref="ExecutorClosedException"/>, functions that run are asked to stop and abandoned, and the workers are let go once they have ended.
    /// </remarks>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_line is not null && !_calls.HasLoopEnded)
        {
            return EndAsync(_line).AsValueTask();
        }

        _calls.Close();
        return _line is null ? default : new(CloseWhenDrainedAsync(_line.DrainAsync()));
    }

    /// <summary>Its name and what it does.</summary>
    public override string ToString()
    {
        var now = Statistics;
        return $"{Name} ({now.Running} running, {now.Waiting} waiting, {now.Workers} of {MaxConcurrency} workers{(now.IsClosed ? ", closed" : "")})";
    }

    /// <summary>Finds the workers: for the first call, and, after it has failed, for the next. On the thread pool.</summary>
    /// <remarks>What it throws is thrown to the calls that wait.</remarks>
    /// <param name="cancellationToken">Cancelled when the executor is closed meanwhile.</param>
    protected abstract Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Takes a call to a worker and brings back its reply. On the thread pool.</summary>
    /// <param name="call">
    /// When its <see cref="RemoteCall.Stop"/> is cancelled, ask the function to stop, if that has not begun see to it that it never does, and say by
    /// <see cref="RemoteCall.MarkRunsOn"/> if it runs on.
    /// </param>
    /// <returns>
    /// What <see cref="RemoteWork.Run"/> gave, once the function has ended, also after it was to stop; cancelled if it has not run. A failure is the call's.
    /// </returns>
    protected abstract Task<byte[]> SendAsync(RemoteCall call);

    /// <summary>Lets go of the workers. Called once, when no call is under way, if <see cref="OpenAsync"/> has been called. On the thread pool.</summary>
    protected abstract Task CloseAsync();

    /// <summary>Says how many workers there are: so many calls are sent at once, and no more than <see cref="MaxConcurrency"/>. Any thread, from <see cref="OpenAsync"/> on.</summary>
    /// <param name="count">None: calls wait until there are some.</param>
    protected void SetWorkers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _calls.OnLoop(() =>
        {
            if (!_calls.IsClosed || _calls.Count > 0)
            {
                _line!.Capacity = Math.Min(count, MaxConcurrency);
                WorkersChanged?.Invoke();
            }
        });
    }

    /// <summary>Counts workers that have died. Any thread.</summary>
    protected void CountLostWorkers(int count) => Interlocked.Add(ref _lostWorkers, count);

    private async Coroutine<TResult> CallAsync<TResult>(WorkItem<TResult> work)
    {
        var line = _line ??= new(_calls, OpenOnceAsync, SendAsync);
        RemoteCall? call = null;
        using var entry = _calls.Enter(work, failure => line.GiveUp(call!, failure));
        call = new(work, RemoteWork.Pack(work));
        line.Add(call);
        try
        {
            return RemoteWork.Unpack(work, await call.End.OrCanceled(), Name);
        }
        catch (ScopeCanceledException)
        {
            if (line.TryRemove(call))
            {
                throw;
            }

            call.AskToStop();
            await Ends.WaitAsync(work.TakesToken ? call.End : call.EndOrRunsOn, _calls.StopGrace);
            if (!call.End.IsCompleted)
            {
                line.Abandon(call);
                throw;
            }

            // It has ended in the last moment. A result is kept; that it was cancelled is no news.
            if (Kept(work, call.End) is not { } kept)
            {
                throw;
            }

            return kept.Value;
        }
    }

    private Box<TResult>? Kept<TResult>(WorkItem<TResult> work, Task<byte[]> end)
    {
        try
        {
            return new(RemoteWork.Unpack(work, end.GetAwaiter().GetResult(), Name));
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private Task OpenOnceAsync(CancellationToken cancellationToken)
    {
        _hasOpened = true;
        return OpenAsync(cancellationToken);
    }

    private async Coroutine EndAsync(RemoteLine line)
    {
        await _calls.CloseAsync();

        // Functions that were abandoned may take as long as they like, and the loop may be gone by then.
        var hasAbandoned = _calls.Abandoned > 0;
        var closing = CloseWhenDrainedAsync(line.DrainAsync());
        if (!hasAbandoned)
        {
            await Ends.WaitAsync(closing, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task CloseWhenDrainedAsync(Task drained)
    {
        try
        {
            await drained.ConfigureAwait(false);
            if (_hasOpened)
            {
                await Task.Run(CloseAsync).ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            _calls.Report($"The workers of '{Name}' were not let go of as they should be: {failure.Message}", failure);
        }
    }

    private sealed record Box<T>(T Value);
}
