using System.Net;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>A machine of a simulated network: a name, an address, and tasks of its own. Made by <see cref="SimulationWorld.AddHost"/>.</summary>
/// <remarks>
/// In what runs on it, servers, connections, datagrams and names work unchanged: they are bound to its address, and <c>localhost</c> is this host. A task belongs to the
/// host that its starter belongs to. Hosts share the memory of the test, which machines do not: what one keeps in an object that another has too outlives a crash.
/// Loop thread only.
/// </remarks>
public sealed class SimulatedHost
{
    private static readonly AsyncLocal<SimulatedHost?> s_current = new();

    private readonly SimulationRun _run;
    private readonly Func<Coroutine>? _main;
    private readonly List<Action> _whenUp = [];
    private readonly List<MemoryConnection> _connections = [];
    private readonly List<MemoryConnection> _dead = [];
    private LoopTask? _task;
    private bool _isStopped;

    internal SimulatedHost(SimulationRun run, string name, IPAddress address, Func<Coroutine>? main)
    {
        (_run, Name, Address, _main) = (run, name, address, main);
        Clock = new HostClock(run, name);
        Disk = new SimulatedDisk(run, name);
        CrashChoice = new Choice("crash", () => _run.Ready.Running?.Entry ?? Name, SimulationFaults.Crash);
    }

    /// <summary>The host that the running code is on; null in what was started on none.</summary>
    public static SimulatedHost? Current => s_current.Value;

    /// <summary>What others connect to; the name resolves to <see cref="Address"/>.</summary>
    public string Name { get; }

    /// <summary>Of IPv4, and the same in each run.</summary>
    public IPAddress Address { get; }

    /// <summary>Its disk, which a crash leaves to it. Empty at the start of a run.</summary>
    public SimulatedDisk Disk { get; }

    /// <summary>False from a crash until it is started again.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>
    /// By how many parts per million its date and time of day (<see cref="TimeProvider.GetUtcNow"/>) run faster than those of others, from when it is set; slower if it is
    /// negative. Default: 0. A crash changes nothing in it. Timers and <see cref="EventLoop.Now"/> go on as everywhere.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It would stand still, or run back: a million or more.</exception>
    public int ClockDrift
    {
        get => Clock.Drift;
        set
        {
            const int Million = 1_000_000;
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, -Million);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, Million);
            Clock.Drift = value;
        }
    }

    internal HostClock Clock { get; }

    internal Choice CrashChoice { get; }

    /// <summary>Whether faults may have it crash: only one that begins anew by itself.</summary>
    internal bool MayCrash => IsUp && _main is not null && !_isStopped;

    /// <summary>Runs the body on this host and waits for its end.</summary>
    /// <remarks>If the caller is cancelled, so is the body.</remarks>
    /// <exception cref="HostCrashedException">The host crashed meanwhile, or is down.</exception>
    public async Coroutine RunAsync(Func<Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        await RunAsync<Nothing>(async () =>
        {
            await body();
            return default;
        });
    }

    /// <inheritdoc cref="RunAsync(Func{Coroutine})"/>
    public async Coroutine<T> RunAsync<T>(Func<Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (!IsUp)
        {
            throw new HostCrashedException(Name);
        }

        var task = Enter(() => LoopTask.Start(body(), Name));
        try
        {
            return await task;
        }
        catch (LoopTaskCanceledException) when (task.IsCanceled && Crashed.Contains(task))
        {
            throw new HostCrashedException(Name);
        }
        catch (ScopeCanceledException) when (!task.IsCompleted)
        {
            Cancel(task, "the caller was cancelled");
            await CancelScope.ShieldAsync(() => EndAsync(task));
            throw;
        }
    }

    /// <summary>Has the machine fail: its tasks end where they stand and run no further line, its sockets fall silent.</summary>
    /// <remarks>
    /// It happens between steps, so that a task of this host that calls this comes to its next await. Its peers hear nothing: what they send waits, as on a network
    /// that is cut, until the host is up again and answers with a reset.
    /// </remarks>
    public void Crash() => EventLoop.Current.Post(static host => host.CrashNow(), this);

    /// <summary>Has the machine come up again after a crash, and its main coroutine begin anew. Does nothing if it is up.</summary>
    public void Start()
    {
        if (IsUp)
        {
            return;
        }

        IsUp = true;
        foreach (var connection in _dead)
        {
            connection.ComeBack();
        }

        _dead.Clear();
        Crashed.Clear();
        StartMain();
        var waiting = _whenUp.ToArray();
        _whenUp.Clear();
        foreach (var action in waiting)
        {
            action();
        }
    }

    /// <summary>Cancels the main coroutine and waits for its end. It does not begin anew.</summary>
    public async Coroutine StopAsync()
    {
        _isStopped = true;
        if (_task is { IsCompleted: false } task)
        {
            Cancel(task, $"the host '{Name}' is stopped");
            await EndAsync(task);
        }
    }

    /// <summary>Its name and address.</summary>
    public override string ToString() => $"{Name} ({Address}{(IsUp ? "" : ", down")})";

    private HashSet<LoopTask> Crashed { get; } = [];

    internal void StartMain()
    {
        if (_main is not null && !_isStopped)
        {
            _task = Enter(() => LoopTask.Start(_main(), Name));
        }
    }

    internal void Add(MemoryConnection connection) => _connections.Add(connection);

    internal void Remove(MemoryConnection connection) => _connections.Remove(connection);

    internal void WhenUp(Action action) => _whenUp.Add(action);

    /// <summary>Between steps.</summary>
    internal void CrashNow()
    {
        if (!IsUp)
        {
            return;
        }

        IsUp = false;
        foreach (var entry in _run.Ready.All)
        {
            if (ReferenceEquals(entry.Host, this) && !entry.Task.IsCompleted)
            {
                Crashed.Add(entry.Task);
            }
        }

        EventLoop.Current.Drop(Crashed, $"the host '{Name}' has crashed");
        _run.Ready.LetGoOfDropped();
        _run.Programs.VanishAllOf(this);
        Disk.OnCrash();
        _run.Network.RemoveAllOf(Address);
        foreach (var connection in _connections)
        {
            connection.GoDark();
        }

        _dead.AddRange(_connections);
        _connections.Clear();
    }

    private static async Coroutine EndAsync(LoopTask task)
    {
        try
        {
            await task;
        }
        catch (LoopTaskCanceledException)
        {
            // As it was asked to.
        }
    }

    private void Cancel(LoopTask task, string reason)
    {
        _run.Ready.MayReachOthers = true;
        task.Cancel(reason);
        _run.Ready.MayReachOthers = false;
    }

    private T Enter<T>(Func<T> start)
    {
        var before = s_current.Value;
        s_current.Value = this;
        try
        {
            return start();
        }
        finally
        {
            s_current.Value = before;
        }
    }
}

/// <summary>Thrown to who waits for something on a simulated host that has crashed.</summary>
public sealed class HostCrashedException : Exception
{
    internal HostCrashedException(string host)
        : base($"The host '{host}' has crashed, and what ran on it is gone.")
    {
        Host = host;
    }

    /// <summary>Its name.</summary>
    public string Host { get; }
}
