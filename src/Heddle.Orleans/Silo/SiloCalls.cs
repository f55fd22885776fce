using System.Collections.Concurrent;

namespace Heddle.Orleans;

/// <summary>The calls that a silo has. Any thread.</summary>
internal sealed class SiloCalls : IDisposable
{
    /// <summary>How long who asks for a call is left without an answer.</summary>
    internal static readonly TimeSpan PollTime = TimeSpan.FromSeconds(5);

    /// <summary>A function that ends so soon need not be abandoned, which somebody would hear of.</summary>
    private static readonly TimeSpan s_shortWhile = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<Guid, SiloCall> _calls = new();
    private readonly ForgottenCalls _forgotten = new();
    private readonly SiloThreads _threads;
    private readonly TimeSpan _callerTimeout;
    private readonly bool _onlyRegistered;
    private readonly Timer _sweep;
    private volatile bool _isLeaving;

    internal SiloCalls(int workers, TimeSpan callerTimeout, bool onlyRegistered)
    {
        _threads = new(workers);
        _callerTimeout = callerTimeout;
        _onlyRegistered = onlyRegistered;
        var period = callerTimeout / 4;
        _sweep = new(static calls => ((SiloCalls)calls!).Sweep(), this, period, period);
    }

    internal int Workers => _threads.Count;

    internal async Task<CallReply> RunAsync(Guid id, byte[]? request)
    {
        if (!_calls.TryGetValue(id, out var call))
        {
            if (request is null || _forgotten.Has(id))
            {
                return new(CallState.Unknown);
            }

            if (_isLeaving)
            {
                return new(CallState.Refused);
            }

            var comer = new SiloCall(request, _onlyRegistered);
            call = _calls.GetOrAdd(id, comer);
            if (call == comer)
            {
                Start(call);
            }
        }

        call.Touch();
        await ((Task)call.End.WaitAsync(PollTime)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return call.End.IsCompleted ? await call.End.ConfigureAwait(false) : new(CallState.UnderWay);
    }

    /// <returns>Whether it runs on for the time being.</returns>
    internal async Task<bool> StopAsync(Guid id)
    {
        if (_forgotten.Has(id))
        {
            return false;
        }

        var call = _calls.GetOrAdd(id, static _ => new SiloCall(null, onlyRegistered: false));
        call.Stop();
        await ((Task)call.End.WaitAsync(s_shortWhile)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !call.End.IsCompleted;
    }

    internal void Forget(Guid id)
    {
        // In this order: at no moment is it unknown.
        _forgotten.Add(id);
        _calls.TryRemove(id, out _);
    }

    /// <summary>Takes no more calls, refuses those that wait, and waits for those that run, and until their results are fetched.</summary>
    internal async Task LeaveAsync(TimeSpan patience)
    {
        _isLeaving = true;
        foreach (var call in _calls.Values)
        {
            call.TryEnd(CallState.Refused);
        }

        var running = Task.WhenAll(_calls.Values.Select(call => call.End));
        await ((Task)running.WaitAsync(patience)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (var waits = 0; waits < 100 && _calls.Values.Any(call => call.End.IsCompleted && call.Silence < PollTime * 3); waits++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20)).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _isLeaving = true;
        _sweep.Dispose();
        foreach (var call in _calls.Values)
        {
            call.Stop();
        }

        _threads.Close();
    }

    private void Start(SiloCall call)
    {
        try
        {
            _threads.Add(call);
        }
        catch (InvalidOperationException)
        {
            call.TryEnd(CallState.Refused);
        }
    }

    /// <summary>Gives up calls that nobody asks for any more: who made them has ended, or lost its way here.</summary>
    private void Sweep()
    {
        foreach (var (id, call) in _calls)
        {
            if (call.Silence > _callerTimeout)
            {
                call.Stop();
                Forget(id);
            }
        }
    }
}
