using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>Runs a program once, on a loop of its own, and says how it went. The object serves one run after the other.</summary>
internal sealed class SimulationRun
{
    private static readonly TimeSpan[] s_jumps = [TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1)];

    private readonly Func<SimulationWorld, Coroutine> _body;
    private readonly SimulationOptions _options;
    private readonly OutsideWatch _outside;
    private readonly Properties _properties;
    private SimulationWorld _world = null!;
    private SimulatedPoller? _poller;
    private Choice? _clockJump;
    private int _stepsAtOnce;

    internal SimulationRun(Func<SimulationWorld, Coroutine> body, SimulationOptions options, OutsideWatch outside, Properties properties)
    {
        _body = body;
        _options = options;
        _outside = outside;
        _properties = properties;
        Oracle = new Oracle(this);
        Ready = new ReadyTasks(this);
    }

    internal Oracle Oracle { get; }

    /// <summary>In milliseconds; -1 for none.</summary>
    internal int BlockingGrace => _options.BlockingGrace == Timeout.InfiniteTimeSpan ? Timeout.Infinite : (int)_options.BlockingGrace.TotalMilliseconds;

    /// <summary>Where the program begins.</summary>
    internal AwaitSite StartOfBody => field ??= AwaitSites.StartOfBody(_body.Target is SimulatedBody body ? body.Method : _body.Method);

    /// <summary>Whether it runs <see cref="Task"/> code.</summary>
    internal bool HasTaskCode => _body.Target is TaskBody;

    /// <summary>For what <see cref="Task"/> code gives to the thread pool; null where that cannot be ordered.</summary>
    internal PoolGate? Gate { get; set; }

    /// <summary>Where <see cref="Task"/> code of the run goes on; null while there is none.</summary>
    internal TaskContext? Tasks { get; private set; }

    internal ReadyTasks Ready { get; }

    /// <summary>What it writes down of each step; null to be fast.</summary>
    internal Trace? Trace { get; private set; }

    /// <summary>What was wrong with it, and came first; null if nothing was.</summary>
    internal SimulationFailure? Failure { get; private set; }

    internal MemoryNetwork Network => _world.Network;

    internal VirtualClock Clock { get; private set; } = null!;

    /// <summary>Those that may strike.</summary>
    internal SimulationFaults Faults
    {
        get;
        set
        {
            field = value;
            EnabledFaults |= value;
        }
    }

    /// <summary>Those that might have struck at some time of the run.</summary>
    internal SimulationFaults EnabledFaults { get; private set; }

    internal SimulatedPrograms Programs { get; private set; } = null!;

    internal SimulatedExecutors Executors { get; private set; } = null!;

    /// <summary>Runs the program from its start to its end.</summary>
    /// <returns>What was wrong with it; null if nothing was.</returns>
    internal SimulationFailure? Execute(Strategy strategy, ulong seed, Trace? trace = null)
    {
        Trace = trace;
        Failure = null;
        _stepsAtOnce = 0;
        _poller = null;
        Tasks = null;
        Faults = EnabledFaults = SimulationFaults.None;
        _clockJump = null;
        Clock = new VirtualClock(_options.Start);
        _world = new SimulationWorld(this, _properties);
        Programs = new SimulatedPrograms(this, _options.AllowOutside);
        Executors = new SimulatedExecutors(this);
        _properties.BeginRun();
        Oracle.Begin(strategy, seed);
        trace?.Begin(this);
        try
        {
            EventLoop.Run(RunBody, new EventLoopOptions
            {
                Name = "simulation",
                Clock = Clock,
                Poller = loop => _poller = new SimulatedPoller(loop, this, _outside),
                ReadyQueue = () => Ready,
                ProcessStarter = Programs,
                ThreadRunner = _options.AllowOutside ? null : Executors,
                OnReport = OnReport,
                HandleSignals = false,
                ThrowIfBlocked = true,
                BlockingGrace = _options.BlockingGrace,
            });
            _properties.EndRun(this);
        }
        catch (Exception failure)
        {
            Fail(SimulationFailure.Of(failure));
        }

        Tasks?.Close();
        Oracle.NoteTime(Clock.Elapsed);
        Trace?.End(this);
        Trace = null;
        Ready.Clear();
        return Failure;
    }

    /// <summary>Something is wrong: the run is cancelled, and what else goes wrong meanwhile is what comes of that.</summary>
    internal void Fail(SimulationFailure failure)
    {
        if (Failure is not null)
        {
            return;
        }

        Failure = failure;
        if (Trace is { } trace)
        {
            failure.State = Tasks is { } tasks ? tasks.ToString() : (_poller?.Snapshot() is { Count: > 0 } snapshot ? snapshot.ToString() : null);
            trace.End(this);
            Trace = null;
        }
    }

    /// <summary>Fails, and has the program end: a run that goes on could not be judged any more.</summary>
    internal void Stop(SimulationFailure failure)
    {
        Fail(failure);
        _stepsAtOnce = 0;
        if (Ready.TaskCount > 0 && Ready.All[0].Task is { IsCompleted: false } main)
        {
            main.Cancel($"the simulation has failed: {failure.Message}");
        }
    }

    /// <summary>Has it happen after so long, whatever becomes of the program.</summary>
    internal void After(TimeSpan delay, Action action) => _poller!.After(delay, action);

    /// <summary>Something reaches the run from outside.</summary>
    internal void NoteOutside(string what) => _outside.Note(this, what);

    internal Coroutine RunTasksAsync(Func<SimulationWorld, Task> body)
    {
        _outside.BeginTasks();
        Tasks = new TaskContext(this, Gate);
        return Tasks.RunAsync(body, _world);
    }

    /// <summary>A step has ended, and the next one has not begun.</summary>
    internal void BetweenSteps(SimulatedTask? stepped)
    {
        Tasks?.Distribute();
        if (Trace is not null && stepped is not null)
        {
            Trace.OnStepped(stepped);
        }

        if (_properties.HasConditions && Failure is null)
        {
            _properties.Check(this);
        }

        _outside.Look(this);
        if ((Faults & (SimulationFaults.Crash | SimulationFaults.Cancel | SimulationFaults.ClockJump | SimulationFaults.Children)) != 0 && stepped is not null && Failure is null)
        {
            Strike(stepped);
        }

        if (++_stepsAtOnce > _options.StepsAtOnce)
        {
            EndBusyLoop();
        }
    }

    /// <summary>A task has had a step: it may be cancelled now, or its host crash.</summary>
    private void Strike(SimulatedTask stepped)
    {
        if ((Faults & SimulationFaults.Crash) != 0 && stepped.Host is { MayCrash: true } host
            && Oracle.Decide(host.CrashChoice, 1 + NetworkHosts.Durations) is var crash && crash != 0)
        {
            host.CrashNow();
            After(NetworkHosts.DurationOf(crash - 1), host.Start);
        }

        stepped.Process?.MayFail();

        if ((Faults & SimulationFaults.ClockJump) != 0)
        {
            _clockJump ??= new Choice("clock-jump", () => Ready.Running?.Entry ?? "", SimulationFaults.ClockJump);
            if (Oracle.Decide(_clockJump, 1 + (2 * s_jumps.Length)) is var jump && jump != 0)
            {
                Clock.Jump(s_jumps[(jump - 1) % s_jumps.Length] * (jump > s_jumps.Length ? -1 : 1));
            }
        }

        if ((Faults & SimulationFaults.Cancel) != 0 && stepped is { Ordinal: > 0, IsFlow: false, Task.IsCompleted: false })
        {
            stepped.CancelChoice ??= new Choice("cancel", () => stepped.Path, SimulationFaults.Cancel);
            if (Oracle.Decide(stepped.CancelChoice, 2) != 0)
            {
                stepped.Task.Cancel("the simulation has cancelled it");
            }
        }
    }

    /// <summary>The clock is moved, or something came from outside: so the program gets on.</summary>
    internal void OnProgress() => _stepsAtOnce = 0;

    private void EndBusyLoop()
    {
        if (Failure is null)
        {
            Stop(SimulationFailure.BusyLoop(_options.StepsAtOnce, Ready.Running));
        }
        else
        {
            // Cancelled, it goes on all the same: the loop has to end without it.
            _poller?.BreakLoop();
        }
    }

    private async Coroutine RunBody()
    {
        try
        {
            await _body(_world);
        }
        catch (Exception failure)
        {
            Fail(SimulationFailure.Of(failure));
            throw;
        }
        finally
        {
            Faults = SimulationFaults.None;
            await _world.StopHostsAsync();
        }
    }

    private void OnReport(LoopReport report)
    {
        if (SimulationFailure.IsDefect(report.Kind) && !_options.Tolerates(report))
        {
            Fail(SimulationFailure.Of(report));
        }
    }

    /// <summary>The loop has ended.</summary>
    /// <param name="timer">When the first timer is due that is still set.</param>
    internal void OnLoopEnd(TimeSpan? timer)
    {
        if (timer is { } due && !_options.AllowLeftoverTimers && !HasTaskCode)
        {
            Fail(SimulationFailure.LeftoverTimer(due - new TimeSpan(Clock.Elapsed)));
        }
    }
}
