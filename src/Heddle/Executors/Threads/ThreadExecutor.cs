using System.Diagnostics;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Runs functions on threads of its own: for what blocks, and for what computes a while.</summary>
/// <remarks>
/// A thread is made when a call comes and none is free, up to <see cref="ThreadExecutorOptions.MaxThreads"/>, and ends when it has had nothing
/// to do for half a minute. A thread cannot be stopped from outside: when a call is cancelled, a function that takes a token is asked to stop and
/// waited for; any other is abandoned at once, and so is one that does not stop in <see cref="ThreadExecutorOptions.StopGrace"/>. An abandoned
/// function runs on and holds its thread; it is reported, counted in <see cref="Statistics"/>, and its result is dropped. Functions see the
/// caller's <see cref="AsyncLocal{T}"/> values. The counterpart of <c>ThreadPoolExecutor</c>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ThreadExecutor : IExecutor
{
    private static readonly TimeSpan s_idleTime = TimeSpan.FromSeconds(30);

    private readonly WorkerThreads _threads;
    private readonly ExecutorCalls _calls;

    /// <summary>An executor without threads yet.</summary>
    /// <param name="options">Null for the defaults.</param>
    public ThreadExecutor(ThreadExecutorOptions? options = null)
    {
        options ??= new();
        Name = options.Name;
        MaxConcurrency = options.MaxThreads;
        _threads = new(options.Name, options.MaxThreads, s_idleTime);
        _calls = new(options.Name, options.MaxThreads, options.QueueLimit, options.StopGrace);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int MaxConcurrency { get; }

    /// <inheritdoc/>
    public ExecutorStatistics Statistics
    {
        get
        {
            var (threads, waiting) = _threads.Counts;
            return _calls.StatisticsWith(threads, waiting, lostWorkers: 0);
        }
    }

    /// <inheritdoc/>
    public async Coroutine<TResult> ExecuteAsync<TResult>(WorkItem<TResult> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _calls.Bind("ThreadExecutor.ExecuteAsync");
        return await _calls.CountAsync(ThreadCalls.RunAsync(_threads, work, _calls));
    }

    /// <summary>Takes no more calls, waits for those that it took, and lets the threads end. Never throws.</summary>
    /// <remarks>
    /// In a cancelled scope, also one that is cancelled while it waits, it waits no longer: calls that wait or run fail with an
    /// <see cref="ExecutorClosedException"/>, and functions that run are abandoned.
    /// </remarks>
    public ValueTask DisposeAsync()
    {
        if (_calls.Count > 0)
        {
            return CloseAsync().AsValueTask();
        }

        _calls.Close();
        _threads.Close();
        return default;
    }

    /// <summary>Its name and what it does.</summary>
    public override string ToString()
    {
        var now = Statistics;
        return $"{Name} ({now.Running} running, {now.Waiting} waiting, {now.Workers} of {MaxConcurrency} threads{(now.IsClosed ? ", closed" : "")})";
    }

    private async Coroutine CloseAsync()
    {
        await _calls.CloseAsync();
        _threads.Close();
    }
}
