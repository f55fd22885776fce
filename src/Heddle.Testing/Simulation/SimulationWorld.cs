namespace Heddle.Testing;

/// <summary>What a simulated program may ask of its simulation: properties that must hold, and random numbers that are the same with each repetition.</summary>
/// <remarks>All members are for the loop's thread. There is one for each run.</remarks>
public sealed class SimulationWorld
{
    private readonly SimulationRun _run;
    private readonly Properties _properties;
    private NetworkHosts? _hosts;

    internal SimulationWorld(SimulationRun run, Properties properties)
    {
        _run = run;
        _properties = properties;
        Random = new SimulatedRandom(run);
    }

    /// <summary>Random numbers of the simulation's: others with each seed, and the same with each repetition of a run.</summary>
    /// <remarks>Each task has numbers of its own, so that those of one do not depend on how many another has drawn.</remarks>
    public Random Random { get; }

    /// <summary>The run's time, which passes only when nothing is ready: for code that takes a <see cref="System.TimeProvider"/>. It is <see cref="EventLoop.Clock"/>.</summary>
    public TimeProvider TimeProvider => field ??= EventLoop.Current.Clock;

    internal SimulationRun Run => _run;

    /// <summary>The run's network, in memory, which the servers, connections and datagrams of the program are on.</summary>
    /// <remarks>
    /// Each run has a new one: names and latency are set in it. What it brings comes by callbacks of the loop, and by timers where there is a latency; both keep
    /// their order, and which of the tasks that it wakes has the turn is a choice like any other.
    /// </remarks>
    public MemoryNetwork Network
    {
        get
        {
            return field ??= new() { Hosts = _hosts = new(_run) };
        }
    }

    /// <summary>What may befall the program from now on. Default: nothing.</summary>
    /// <remarks>
    /// Whether and when one strikes is a choice of each run's: the orders with few deviations try each place, and a run of chance has some of the kinds, a few times
    /// each. A failure that needs one says so, and is shown with as few of them as will do. At the end of the body they cease.
    /// </remarks>
    public SimulationFaults Faults
    {
        get => _run.Faults;
        set => _run.Faults = value;
    }

    /// <summary>Adds a machine to the network, on which the main coroutine begins at once, and again whenever the machine comes up after a crash.</summary>
    /// <remarks>At the end of the body it is cancelled, and its end is awaited. Its failure is one of the run.</remarks>
    /// <param name="name">What others connect to.</param>
    /// <param name="main">What runs on it; null for one that only what <see cref="SimulatedHost.RunAsync(Func{Coroutine})"/> is given runs on.</param>
    /// <exception cref="ArgumentException">There is a host of that name.</exception>
    public SimulatedHost AddHost(string name, Func<Coroutine>? main = null)
    {
        _ = Network;
        var host = _hosts!.Add(name, main);
        _run.Clock.Offset = static () => SimulatedHost.Current?.Clock.Offset ?? TimeSpan.Zero;
        host.StartMain();
        return host;
    }

    /// <summary>Adds a program, which <see cref="Subprocess"/> starts in place of a file of that name. Where there is none of a name, starting fails as without the file.</summary>
    /// <remarks>
    /// Each start of it is a process of its own: a task that begins with the coroutine, on the host of whoever starts it. Processes share the memory of the test, as
    /// hosts do. A failure of the coroutine is one of the run. With <see cref="SimulationOptions.AllowOutside"/> a run that has no program starts the system's.
    /// </remarks>
    /// <param name="name">As it is started: <c>git</c>, or a path. What <see cref="Subprocess.Shell"/> starts is <c>/bin/sh</c>, with the arguments <c>-c</c> and the command.</param>
    /// <param name="main">What runs in the process. Of the exit code that it returns the lowest eight bits count.</param>
    /// <exception cref="ArgumentException">There is a program of that name.</exception>
    public void AddProgram(string name, Func<SimulatedProcess, Coroutine<int>> main)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(main);
        _run.Programs.Add(name, main);
    }

    /// <summary>Makes an executor of the simulation's, to take the place of one whose workers are processes or machines.</summary>
    /// <remarks>
    /// A function runs to its end on the loop, between two steps, and its answer comes at a time that is a choice of each run's: at once, or after up to a second. It is
    /// not looked at whether it could be sent. A call that is cancelled while it runs costs its worker, as with processes.
    /// </remarks>
    /// <param name="name">For errors, and for recordings.</param>
    /// <param name="workers">How many calls can run at once.</param>
    /// <param name="queueLimit">How many may wait besides. Default: no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">There would be no worker, or the limit is negative.</exception>
    public IExecutor AddExecutor(string name, int workers = 4, int queueLimit = int.MaxValue) => _run.Executors.Create(name, workers, queueLimit);

    internal async Coroutine StopHostsAsync()
    {
        foreach (var host in _hosts?.All ?? [])
        {
            await host.StopAsync();
        }
    }

    /// <summary>The run fails, at once, if the condition is false.</summary>
    /// <param name="condition">What must be true now.</param>
    /// <param name="name">What it says, in words.</param>
    /// <exception cref="PropertyViolatedException">It is false.</exception>
    public void Always(bool condition, string name) => _properties.Always(_run, condition, name);

    /// <summary>The run fails if the condition is false now, or after any later step of a task.</summary>
    /// <param name="condition">Asked after each step; it must change nothing. What it throws is a failure, too.</param>
    /// <param name="name">What it says, in words.</param>
    public void Always(Func<bool> condition, string name)
    {
        ArgumentNullException.ThrowIfNull(condition);
        _properties.AddAlways(_run, condition, name);
    }

    /// <summary>Notes that the condition was true in at least one run; a search says which never were.</summary>
    /// <remarks>What a test is about should come up in it: a race for the last ticket, a retry, a full queue.</remarks>
    /// <param name="condition">Whether it is true now.</param>
    /// <param name="name">What it says, in words.</param>
    public void Sometimes(bool condition, string name) => _properties.Sometimes(condition, name);

    /// <summary>The run fails unless the condition is true now, or after a later step of a task, before the program ends.</summary>
    /// <param name="condition">Asked after each step until it is true; it must change nothing. What it throws is a failure, too.</param>
    /// <param name="name">What it says, in words.</param>
    /// <param name="within">By when, from now, in virtual time. Default: by the end of the run.</param>
    public void Eventually(Func<bool> condition, string name, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        _properties.AddEventually(_run, condition, name, within);
    }
}
