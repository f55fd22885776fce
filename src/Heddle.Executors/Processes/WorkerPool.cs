using Heddle.LowLevel;

namespace Heddle;

/// <summary>
/// The workers of an executor: who is free, who comes up, who waits for one. A worker is started when a call waits and none is free or on its
/// way; the one that was used last is used first. Loop thread only.
/// </summary>
internal sealed class WorkerPool(ProcessExecutorOptions options, ExecutorCalls calls)
{
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(3);

    private readonly HashSet<WorkerProcess> _workers = [];
    private readonly AsyncLifoQueue<Offer> _offers = new();
    private readonly CoroutineSource<Nothing> _close = new();
    private LoopTask? _keeper;
    private TaskGroup? _starts;
    private TaskGroup? _stops;
    private bool _isClosed;

    internal int Count => _workers.Count;

    internal int Waiting { get; private set; }

    internal long Lost { get; private set; }

    /// <summary>Waits for a worker, in the order of coming. It is the caller's until <see cref="Return"/> or <see cref="Discard"/>.</summary>
    /// <exception cref="ExecutorClosedException">The loop is about to end.</exception>
    /// <exception cref="WorkerStartException">A worker was started for the calls that wait, and did not come up.</exception>
    internal async Coroutine<WorkerProcess> TakeAsync()
    {
        if (_isClosed)
        {
            throw Ended();
        }

        _keeper ??= LoopTask.Start(KeepAsync(), $"workers of '{options.Name}'");
        Waiting++;
        try
        {
            while (true)
            {
                if (_offers.IsEmpty)
                {
                    StartWhatIsMissing(comers: 1);
                }

                var offer = await _offers.GetAsync();
                if (offer.Failure is not null)
                {
                    throw offer.Failure;
                }

                if (offer.Worker!.IsAlive)
                {
                    return offer.Worker;
                }
            }
        }
        finally
        {
            Waiting--;
        }
    }

    /// <summary>The worker has ended its call; a worn one is replaced.</summary>
    internal void Return(WorkerProcess worker, bool isWorn)
    {
        if (!worker.IsAlive)
        {
            Discard(worker);
        }
        else if (isWorn || worker.Calls >= options.MaxCallsPerWorker)
        {
            _workers.Remove(worker);
            Stop(worker);
            StartWhatIsMissing();
        }
        else
        {
            _offers.TryPut(new(worker, null));
        }
    }

    /// <summary>The worker has died, or is killed now.</summary>
    internal void Discard(WorkerProcess worker)
    {
        worker.Kill();
        if (_workers.Remove(worker))
        {
            Lost++;
        }

        StartWhatIsMissing();
    }

    /// <summary>Ends all who wait.</summary>
    internal void FailWaiting(Exception failure)
    {
        for (var waiting = _offers.Statistics.WaitingGetters; waiting > 0; waiting--)
        {
            _offers.TryPut(new(null, failure));
        }
    }

    /// <summary>Ends all workers. No call is to come any more.</summary>
    internal async Coroutine CloseAsync()
    {
        if (_keeper is { } keeper)
        {
            _close.TrySetResult(default);
            await CancelScope.ShieldAsync(async () => await LoopTask.WhenAny(keeper));
        }
    }

    /// <summary>Lives as long as there are workers, and owns the tasks that start and stop them. With it, whatever ends it, all workers end.</summary>
    private async Coroutine KeepAsync()
    {
        try
        {
            await TaskGroup.RunAsync(async stops =>
            {
                _stops = stops;
                await TaskGroup.RunAsync(async starts =>
                {
                    _starts = starts;
                    StartWhatIsMissing();
                    await _close;
                    starts.Cancel("the executor is closed");
                });
                _isClosed = true;
                foreach (var worker in _workers)
                {
                    Stop(worker);
                }

                // Their end is no loss.
                _workers.Clear();
            });
        }
        finally
        {
            _isClosed = true;
            foreach (var worker in _workers)
            {
                worker.Kill();
            }

            FailWaiting(Ended());
        }
    }

    private ExecutorClosedException Ended()
        => new($"The loop ends, and with it the workers of '{options.Name}'. Dispose of the executor when the tasks that use it have ended.");

    /// <param name="comers">How many are about to wait.</param>
    private void StartWhatIsMissing(int comers = 0)
    {
        while (!_isClosed
            && _starts is { } starts
            && _workers.Count + starts.Count < options.MaxWorkers
            && starts.Count < _offers.Statistics.WaitingGetters + comers)
        {
            starts.Start(StartAsync(), $"start of a worker of '{options.Name}'");
        }
    }

    private async Coroutine StartAsync()
    {
        try
        {
            var worker = await new WorkerStart(options, calls, OnExited).RunAsync();
            _workers.Add(worker);
            _offers.TryPut(new(worker, null));
        }
        catch (Exception failure) when (failure is not ScopeCanceledException)
        {
            if (_workers.Count == 0)
            {
                // It would not go better for the others who wait.
                FailWaiting(failure);
            }
            else
            {
                calls.Report(
                    $"A worker process of '{options.Name}' did not come up; the calls go on with the {_workers.Count} that are there: {failure.Message}", failure);
            }
        }
    }

    private void Stop(WorkerProcess worker) => _stops!.Start(worker.StopAsync(s_stopPatience), $"stop of {worker}");

    private void OnExited(WorkerProcess worker)
    {
        if (_workers.Remove(worker))
        {
            Lost++;
        }
    }
}

/// <summary>What who waits for a worker gets.</summary>
internal readonly record struct Offer(WorkerProcess? Worker, Exception? Failure);
