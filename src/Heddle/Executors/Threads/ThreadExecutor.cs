using System.Diagnostics;

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

    private readonly LoopBinding _binding = new();
    private readonly WorkerThreads _threads;
    private readonly CallBook _book;

    /// <summary>An executor without threads yet.</summary>
    /// <param name="options">Null for the defaults.</param>
    public ThreadExecutor(ThreadExecutorOptions? options = null)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxThreads, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.QueueLimit, nameof(options));
        Durations.ThrowIfNegative(options.StopGrace, nameof(options));
        Name = options.Name;
        MaxConcurrency = options.MaxThreads;
        _threads = new(options.Name, options.MaxThreads, s_idleTime);
        _book = new(options.Name, options.MaxThreads, options.QueueLimit, options.StopGrace);
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
            return new(
                threads,
                MaxConcurrency,
                Math.Max(0, _book.Count - waiting),
                waiting,
                _book.Abandoned,
                _book.Completed,
                _book.Failed,
                _book.Canceled,
                LostWorkers: 0,
                _book.IsClosed);
        }
    }

    /// <inheritdoc/>
    public async Coroutine<TResult> ExecuteAsync<TResult>(WorkItem<TResult> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _binding.Bind("ThreadExecutor.ExecuteAsync").ThrowIfCanceled();
        return await _book.CountAsync(ThreadCalls.RunAsync(_threads, work, _book));
    }

    /// <summary>Takes no more calls, waits for those that it took, and lets the threads end. Never throws.</summary>
    /// <remarks>
    /// In a cancelled scope, also one that is cancelled while it waits, it waits no longer: calls that wait or run fail with an
    /// <see cref="ExecutorClosedException"/>, and functions that run are abandoned.
    /// </remarks>
    public ValueTask DisposeAsync()
    {
        if (_book.Count > 0)
        {
            return CloseAsync().AsValueTask();
        }

        _book.Close();
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
        await _book.CloseAsync();
        _threads.Close();
    }
}
