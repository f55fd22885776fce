using System.Diagnostics;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Runs functions in processes of their own: for what computes long, leaks, crashes, or must be stopped whatever it does.</summary>
/// <remarks>
/// <para>
/// The workers are this same program, started again: they take calls in place of running its <c>Main</c>. A program that is trimmed, native or
/// unusual in how it is started calls <see cref="RunWorkerIfAsked"/> first in its <c>Main</c>. A function is a static method, or a lambda that
/// captures nothing; its arguments and its result are sent (see <see cref="WorkItem"/>), written and read on the loop's thread, so pass the name of
/// a file rather than what is in it.
/// </para>
/// <para>
/// When a call is cancelled, by a timeout too, its worker is killed, and with it what that has started; a function that takes a token is first
/// asked to stop. A worker that dies fails its call with a <see cref="WorkerDiedException"/>; others are not touched, and a new one takes its place when
/// it is needed. What a worker prints appears where this program prints; it reads no input. No worker outlives this program, however that ends.
/// The counterpart of <c>ProcessPoolExecutor</c>.
/// </para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class ProcessExecutor : IExecutor
{
    private readonly ProcessExecutorOptions _options;
    private readonly ExecutorCalls _calls;
    private readonly WorkerPool _pool;
    private readonly Stack<PayloadWriter> _writers = new();

    /// <summary>An executor without workers yet.</summary>
    /// <param name="options">Null for the defaults.</param>
    public ProcessExecutor(ProcessExecutorOptions? options = null)
    {
        _options = options ?? new();
        _options.Validate(nameof(options));
        _calls = new(_options.Name, _options.MaxWorkers, _options.QueueLimit, _options.StopGrace);
        _pool = new(_options, _calls);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public int MaxConcurrency => _options.MaxWorkers;

    /// <inheritdoc/>
    public ExecutorStatistics Statistics => _calls.StatisticsWith(_pool.Count, _pool.Waiting, _pool.Lost);

    /// <summary>First thing in <c>Main</c>: if this process was started as a worker, it is one, and this does not return.</summary>
    /// <remarks>
    /// Ordinary programs need it not, but they may: their workers then start without the runtime's startup hooks. Programs that are trimmed or
    /// native do, after <see cref="WorkRegistry"/> knows their functions. It asks the variable <c>HEDDLE_WORKER</c>, which an executor sets for its
    /// workers; no argument makes a worker.
    /// </remarks>
    public static void RunWorkerIfAsked()
    {
        WorkerCommand.MainAsks = true;
        if (WorkerInvitation.Take() is { } invitation)
        {
            WorkerHost.Run(invitation);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="WorkerDiedException">The worker died while it ran the call.</exception>
    /// <exception cref="WorkerStartException">No worker came up.</exception>
    public async Coroutine<TResult> ExecuteAsync<TResult>(WorkItem<TResult> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _calls.Bind("ProcessExecutor.ExecuteAsync");
        return await _calls.CountAsync(CallAsync(work));
    }

    /// <summary>Takes no more calls, waits for those that it took, and ends the workers. Never throws.</summary>
    /// <remarks>
    /// A worker runs its handlers of <see cref="AppDomain.ProcessExit"/>, for three seconds at most.
    /// In a cancelled scope, also one that is cancelled while it waits, it waits no longer: calls that wait or run fail with an
    /// <see cref="ExecutorClosedException"/>, and their workers are killed.
    /// </remarks>
    public ValueTask DisposeAsync()
    {
        if (!_calls.HasLoop || _calls.HasLoopEnded)
        {
            _calls.Close();
            return default;
        }

        return CloseAsync().AsValueTask();
    }

    /// <summary>Its name and what it does.</summary>
    public override string ToString()
    {
        var now = Statistics;
        return $"{Name} ({now.Running} running, {now.Waiting} waiting, {now.Workers} of {MaxConcurrency} processes{(now.IsClosed ? ", closed" : "")})";
    }

    private async Coroutine CloseAsync()
    {
        await _calls.CloseAsync();
        await _pool.CloseAsync();
    }
}
