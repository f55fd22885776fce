using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>The workers of one executor of a simulated run. A call runs to its end on the loop, between steps, and its answer comes at a time of the oracle's choosing.</summary>
/// <param name="run">Whose they are.</param>
/// <param name="name">Of the executor, and the how-manieth of that name.</param>
/// <param name="count">How many there are.</param>
/// <param name="areThreads">Threads do not die, and cannot be stopped from outside.</param>
internal sealed class SimulatedWorkers(SimulationRun run, string name, int count, bool areThreads)
{
    private static readonly TimeSpan[] s_delays =
        [TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)];

    private static readonly TimeSpan[] s_lateDelays = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)];

    private readonly LinkedList<SimulatedCall> _waiting = new();
    private readonly Choice _delay = new("answer", () => name);
    private readonly Choice _death = new("worker-death", () => name, SimulationFaults.WorkerDeath);
    private readonly Choice _lateness = new("late-answer", () => name, SimulationFaults.WorkerLate);
    private readonly Choice _silence = new("no-answer", () => name, SimulationFaults.WorkerSilence);
    private int _busy;

    internal int Waiting => _waiting.Count;

    internal int Lost { get; private set; }

    internal async Coroutine<TResult> RunAsync<TResult>(ThreadWork<TResult> work)
    {
        var call = new SimulatedCall<TResult>(work, LoopTask.Current!);
        using var entry = work.Enter(failure =>
        {
            Leave(call, work);
            call.Fail(failure);
        });
        call.Place = _waiting.AddLast(call);
        BeginNext();
        try
        {
            return await call.End;
        }
        catch (ScopeCanceledException) when (!call.End.IsCompleted)
        {
            Leave(call, work);
            throw;
        }
    }

    private void BeginNext()
    {
        while (_busy < count && _waiting.First is { } first)
        {
            _waiting.Remove(first);
            _busy++;
            Begin(first.Value);
        }
    }

    /// <summary>A worker has taken it.</summary>
    private void Begin(SimulatedCall call)
    {
        if (Choose(_silence, 2) != 0)
        {
            // It holds its worker, unless that is killed.
            return;
        }

        if (Choose(_lateness, 1 + s_lateDelays.Length) is var late && late != 0)
        {
            // What it does it does late: by then who called may have given up, and have called again.
            run.After(s_lateDelays[late - 1], () =>
            {
                call.Run();
                End(call, Death.None);
            });
            return;
        }

        var death = areThreads ? Death.None : (Death)Choose(_death, 1 + (int)Death.After);
        var delay = s_delays[run.Oracle.Decide(_delay, s_delays.Length)];
        EventLoop.Current.Post(() =>
        {
            if (death != Death.Before)
            {
                call.Run();
            }

            if (delay == TimeSpan.Zero)
            {
                End(call, death);
            }
            else
            {
                run.After(delay, () => End(call, death));
            }
        });
    }

    private void End(SimulatedCall call, Death death)
    {
        if (call.IsStopped)
        {
            return;
        }

        if (death == Death.None)
        {
            call.Answer();
        }
        else
        {
            Lost++;
            call.Fail(new IOException($"A worker of '{name}' has died while it ran a call. Whether it had done it by then nobody knows."));
        }

        _busy--;
        BeginNext();
    }

    /// <summary>Nobody waits for it any more.</summary>
    private void Leave<TResult>(SimulatedCall call, ThreadWork<TResult> work)
    {
        if (call.Place is { List: not null } place)
        {
            _waiting.Remove(place);
        }
        else if (areThreads && !work.TakesToken)
        {
            work.BeginAbandoned();
            call.EndAbandoned = work.EndAbandoned;
        }
        else
        {
            Lost += work.TakesToken ? 0 : 1;
            call.IsStopped = true;
            _busy--;
            BeginNext();
        }
    }

    private int Choose(Choice choice, int options) => (run.Faults & choice.Fault) == 0 ? 0 : run.Oracle.Decide(choice, options);

    /// <summary>When a worker dies, of what it was called for.</summary>
    private enum Death
    {
        None,
        Before,
        After,
    }
}
