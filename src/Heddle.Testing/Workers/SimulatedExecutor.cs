using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>The twin of an executor whose workers are elsewhere.</summary>
internal sealed class SimulatedExecutor(SimulatedWorkers workers, string name, int count, int queueLimit) : IExecutor
{
    private readonly ExecutorCalls _calls = new(name, count, queueLimit, TimeSpan.Zero);

    public string Name => name;

    public int MaxConcurrency => count;

    public ExecutorStatistics Statistics => _calls.StatisticsWith(count, workers.Waiting, workers.Lost);

    public async Coroutine<TResult> ExecuteAsync<TResult>(WorkItem<TResult> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _calls.Bind("IExecutor.ExecuteAsync");
        return await _calls.CountAsync(workers.RunAsync(new Call<TResult>(this, work)));
    }

    public ValueTask DisposeAsync()
    {
        if (_calls.Count > 0)
        {
            return _calls.CloseAsync().AsValueTask();
        }

        _calls.Close();
        return default;
    }

    public override string ToString() => $"{name} ({workers.Waiting} waiting)";

    private sealed class Call<TResult>(SimulatedExecutor executor, WorkItem<TResult> work) : ThreadWork<TResult>
    {
        public override object Threads => executor;

        public override int MaxThreads => executor.MaxConcurrency;

        public override bool TakesToken => work.TakesToken;

        public override IDisposable Enter(Action<Exception> giveUp) => executor._calls.Enter(work, giveUp);

        public override TResult Invoke() => work.Invoke();

        public override void BeginAbandoned() => executor._calls.BeginAbandoned(work);

        public override void EndAbandoned(Exception? failure) => executor._calls.EndAbandoned(work, failure);
    }
}

/// <summary>The executors of a simulated run, and what it has in place of threads.</summary>
internal sealed class SimulatedExecutors(SimulationRun run) : IThreadRunner
{
    private readonly Dictionary<object, SimulatedWorkers> _threads = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    public Coroutine<TResult> RunAsync<TResult>(ThreadWork<TResult> work)
    {
        if (!_threads.TryGetValue(work.Threads, out var workers))
        {
            _threads.Add(work.Threads, workers = new(run, NameOf(work.Threads.ToString()!), work.MaxThreads, areThreads: true));
        }

        return workers.RunAsync(work);
    }

    internal IExecutor Create(string name, int count, int queueLimit)
        => new SimulatedExecutor(new(run, NameOf(name), count, areThreads: false), name, count, queueLimit);

    private string NameOf(string name)
    {
        var number = _names[name] = _names.GetValueOrDefault(name) + 1;
        return $"{Recording.Escape(name)}*{number}";
    }
}
