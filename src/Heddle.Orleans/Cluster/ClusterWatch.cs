using Orleans;

namespace Heddle.Orleans;

/// <summary>Knows the silos of the cluster, and which has room for a call. Any thread.</summary>
/// <param name="connection">Where they are.</param>
/// <param name="patience">How long no silo may be in reach until they are taken for dead; and how long the first may take.</param>
/// <param name="setWorkers">Told how many workers there are.</param>
/// <param name="countLost">Told how many were lost.</param>
internal sealed class ClusterWatch(IConnection connection, TimeSpan patience, Action<int> setWorkers, Action<int> countLost) : IAsyncDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_answerTime = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RemoteSilo> _silos = [];
    private readonly HashSet<string> _joining = [];
    private readonly CancellationTokenSource _closing = new();
    private TaskCompletionSource _change = NewSignal();
    private TaskCompletionSource _loss = NewSignal();
    private Task _watching = Task.CompletedTask;

    /// <summary>Ends when the next silo is gone: what was to come by way of it will not.</summary>
    internal Task NextLoss
    {
        get
        {
            lock (_gate)
            {
                return _loss.Task;
            }
        }
    }

    /// <summary>Starts to watch.</summary>
    /// <returns>False if no silo was found in time.</returns>
    internal async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        _watching = Task.Run(WatchAsync, CancellationToken.None);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(patience);
        try
        {
            Return(await TakeAsync(timeout.Token).ConfigureAwait(false));
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Waits for a silo with a free worker, and takes that: of several the one that is least busy for its size.</summary>
    internal async Task<RemoteSilo> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_silos.Values.Where(silo => silo.IsFree).MinBy(silo => (double)silo.Running / silo.Workers) is { } free)
                {
                    free.Running++;
                    return free;
                }

                change = _change.Task;
            }

            await change.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    internal void Return(RemoteSilo silo)
    {
        lock (_gate)
        {
            silo.Running--;
            Signal(ref _change);
        }
    }

    /// <summary>The silo has refused a call, as it is about to leave.</summary>
    internal void MarkLeaving(RemoteSilo silo)
    {
        lock (_gate)
        {
            silo.IsLeaving = true;
            Announce();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task WatchAsync()
    {
        var lastContact = Environment.TickCount64;
        while (!_closing.IsCancellationRequested)
        {
            var pause = s_period / 4;
            try
            {
                var entries = await connection.Grains.GetGrain<IRosterGrain>(0).GetAsync().WaitAsync(s_answerTime, _closing.Token).ConfigureAwait(false);
                lastContact = Environment.TickCount64;
                pause = Update(entries) && !connection.CanChange ? Timeout.InfiniteTimeSpan : s_period;
            }
            catch (Exception)
            {
                // A gateway may have died; another is asked then. Only when none answers for long are all taken for dead.
                if (Environment.TickCount64 - lastContact > patience.TotalMilliseconds)
                {
                    Update([]);
                }
            }

            await Task.Delay(pause, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Whether each silo takes calls.</returns>
    private bool Update(SiloEntry[] entries)
    {
        lock (_gate)
        {
            var known = entries.ToDictionary(entry => entry.Silo, entry => entry.IsActive);
            foreach (var silo in _silos.Values.Where(silo => !known.ContainsKey(silo.Address)).ToArray())
            {
                Lose(silo);
            }

            foreach (var (address, isActive) in known)
            {
                if (_silos.TryGetValue(address, out var silo))
                {
                    silo.IsLeaving |= !isActive;
                }
                else if (isActive && _joining.Add(address))
                {
                    _ = JoinAsync(address);
                }
            }

            Announce();
            return _silos.Values.Count(silo => !silo.IsLeaving) == entries.Length;
        }
    }

    private void Lose(RemoteSilo silo)
    {
        _silos.Remove(silo.Address);
        if (!silo.IsLeaving)
        {
            countLost(silo.Workers);
        }

        silo.MarkGone();
        Signal(ref _loss);
    }

    private async Task JoinAsync(string address)
    {
        var grain = connection.Grains.GetGrain<IWorkerGrain>(address);
        RemoteSilo? silo = null;
        try
        {
            silo = new(address, grain, await grain.CountWorkersAsync().WaitAsync(s_answerTime, _closing.Token).ConfigureAwait(false));
        }
        catch (Exception)
        {
            // A silo that does not answer yet, or is none of Heddle's, gets no calls. It is asked again the next time.
        }

        lock (_gate)
        {
            _joining.Remove(address);
            if (silo is not null && !_closing.IsCancellationRequested)
            {
                _silos[address] = silo;
                Announce();
            }
        }
    }

    /// <summary>With the lock held.</summary>
    private void Announce()
    {
        setWorkers(_silos.Values.Where(silo => !silo.IsLeaving).Sum(silo => silo.Workers));
        Signal(ref _change);
    }

    private static void Signal(ref TaskCompletionSource signal)
    {
        var ended = signal;
        signal = NewSignal();
        ended.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
