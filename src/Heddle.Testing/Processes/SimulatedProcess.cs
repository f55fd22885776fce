using System.Collections;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>A child process of a simulated program, as the program that runs in it sees it. See <see cref="SimulationWorld.AddProgram"/>.</summary>
/// <remarks>
/// SIGTERM, SIGINT and SIGHUP cancel its coroutine; any other signal that ends a process takes its tasks away where they stand, without a step, as a crash does.
/// When it has ended, what it had open is closed, on the network as well. It is on the host of whoever has started it. Loop thread only.
/// </remarks>
public sealed class SimulatedProcess
{
    internal const int KillNumber = 9;
    internal const int Terminate = 15;

    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Abort = 6;
    private const int BrokenPipe = 13;
    private const int LastSignal = 64;

    private static readonly AsyncLocal<SimulatedProcess?> s_current = new();

    private readonly SimulationRun _run;
    private readonly ProcessStart _start;
    private readonly SimulatedProcess? _parent = s_current.Value;
    private readonly List<IDisposable> _open = [];
    private readonly CoroutineSource _end = new();
    private readonly Choice _exitChoice;
    private readonly Choice _signalChoice;
    private readonly Choice _stuckChoice;
    private LoopTask? _task;
    private ExitStatus? _ownStatus;
    private ExitStatus? _status;
    private IIoCompletion<ExitStatus>? _waiter;
    private int _signal = Terminate;
    private bool _isStuck;

    /// <param name="run">Whose it is.</param>
    /// <param name="start">What was asked for.</param>
    /// <param name="id">Its number.</param>
    /// <param name="name">The program, and the how-manieth start of it.</param>
    internal SimulatedProcess(SimulationRun run, ProcessStart start, int id, string name)
    {
        (_run, _start, Id) = (run, start, id);
        Pipes = new ChildPipes(run.Programs.Pipes, start, name, Strikes);
        _exitChoice = new Choice("exit", () => name, SimulationFaults.ChildExit);
        _signalChoice = new Choice("kill", () => name, SimulationFaults.ChildSignal);
        _stuckChoice = new Choice("stuck", () => name, SimulationFaults.ChildStuck);
    }

    /// <summary>The program, as it was started.</summary>
    public string FileName => _start.File;

    /// <summary>Without the program's name.</summary>
    public IReadOnlyList<string> Arguments => _start.Arguments;

    /// <summary>Its environment: that which it was given, or that of the process that the test runs in.</summary>
    public IReadOnlyDictionary<string, string> Environment => _start.Environment ?? OwnEnvironment();

    /// <summary>Where it was started to work; null if nothing was said of that.</summary>
    public string? WorkingDirectory => _start.WorkingDirectory;

    /// <summary>Its number: 1000 for the first of a run, and so on.</summary>
    public int Id { get; }

    /// <summary>Reads its standard input, which is at its end unless that is a pipe or bytes.</summary>
    public ByteReader Input => Pipes.ChildInput;

    /// <summary>Writes to its standard output. What goes to no pipe goes nowhere.</summary>
    /// <remarks>When the program has returned, what it had written is sent before the process ends. Once nobody reads any more, a write that is not caught ends it by SIGPIPE.</remarks>
    public ByteWriter Output => Pipes.ChildOutput;

    /// <summary>Writes to its error output: the same writer as <see cref="Output"/> if both go to the same place.</summary>
    public ByteWriter Error => Pipes.ChildError;

    /// <summary>The process that the running code belongs to; null in a program that is no child.</summary>
    internal static SimulatedProcess? Current => s_current.Value;

    internal ChildPipes Pipes { get; }

    internal SimulatedHost? Host { get; } = SimulatedHost.Current;

    internal bool HasEnded => _status is not null;

    /// <summary>The program, its number, and how it is.</summary>
    public override string ToString() => $"'{FileName}' (process {Id}, {(_status is { } status ? status.ToString() : _isStuck ? "stuck" : "running")})";

    internal void Begin(Func<SimulatedProcess, Coroutine<int>> main)
    {
        var before = s_current.Value;
        s_current.Value = this;
        try
        {
            _task = LoopTask.Start(RunAsync(main), FileName);
        }
        finally
        {
            s_current.Value = before;
        }

        _task.OnCompleted(task =>
        {
            if (!_isStuck)
            {
                EndNow(_ownStatus ?? ExitStatus.OfSignal(task.IsFaulted ? Abort : _signal));
            }
        });
    }

    internal bool IsWithin(SimulatedProcess root) => ReferenceEquals(this, root) || _parent?.IsWithin(root) == true;

    /// <summary>It has opened something, which the system closes at its end.</summary>
    internal void Open(IDisposable descriptor)
    {
        if (HasEnded)
        {
            descriptor.Dispose();
        }
        else
        {
            _open.Add(descriptor);
        }
    }

    internal IoResult<ExitStatus> WaitForExit(IIoCompletion<ExitStatus> completion)
    {
        if (_status is { } status)
        {
            return new(status);
        }

        _waiter = completion;
        return IoResult<ExitStatus>.Pending;
    }

    internal Coroutine EndAsync() => _end.WaitAsync();

    internal void SendSignal(int signal)
    {
        const int Child = 17;
        const int GoOn = 18;
        const int Urgent = 23;
        const int WindowSize = 28;
        if (signal is < 1 or > LastSignal or (> GoOn and < Urgent))
        {
            throw new SubprocessException($"Sending signal {signal} to '{FileName}' (process {Id}) failed: a simulation has no such signal.", FileName);
        }

        if (HasEnded || signal is Child or GoOn or Urgent or WindowSize)
        {
            return;
        }

        if (signal is not (Hangup or Interrupt or Terminate))
        {
            EventLoop.Current.Post(static killed => killed.Process.EndNow(ExitStatus.OfSignal(killed.Signal)), (Process: this, Signal: signal));
        }
        else if (_task is { IsCompleted: false } task)
        {
            _signal = signal;
            task.Cancel($"the process was sent signal {signal}");
        }
    }

    /// <summary>Between steps, after one of its own: faults may strike.</summary>
    internal void MayFail()
    {
        if (HasEnded || _isStuck)
        {
            return;
        }

        if (Strikes(_exitChoice))
        {
            EndNow(new ExitStatus(1));
        }
        else if (Strikes(_signalChoice))
        {
            EndNow(ExitStatus.OfSignal(KillNumber));
        }
        else if (Strikes(_stuckChoice))
        {
            _isStuck = true;
            DropTasks("is stuck");
        }
    }

    /// <summary>Its machine has failed: its tasks are gone by now, and nobody is told by the network.</summary>
    internal void Vanish()
    {
        _open.Clear();
        EndNow(ExitStatus.OfSignal(KillNumber));
    }

    private async Coroutine RunAsync(Func<SimulatedProcess, Coroutine<int>> main)
    {
        const int Bits = 0xFF;
        try
        {
            var code = await main(this);
            await CancelScope.ShieldAsync(Pipes.FlushAsync);
            _ownStatus = new ExitStatus(code & Bits);
        }
        catch (ConnectionException failure) when (failure.ErrorCode == SocketError.Shutdown)
        {
            _ownStatus = ExitStatus.OfSignal(BrokenPipe);
        }
    }

    private bool Strikes(Choice choice) => (_run.Faults & choice.Fault) != 0 && _run.Oracle.Decide(choice, 2) != 0;

    /// <summary>Between steps.</summary>
    private void EndNow(ExitStatus status)
    {
        if (HasEnded)
        {
            return;
        }

        _status = status;
        DropTasks("has ended");
        Pipes.CloseChildsEnds();
        foreach (var descriptor in _open)
        {
            descriptor.Dispose();
        }

        _open.Clear();
        foreach (var process in _run.Programs.All)
        {
            if (ReferenceEquals(process._parent, this))
            {
                process.Pipes.CloseParentsEnds();
            }
        }

        _waiter?.Complete(new(status));
        _waiter = null;
        _end.SetResult();
    }

    private void DropTasks(string reason)
    {
        List<LoopTask>? tasks = null;
        foreach (var entry in _run.Ready.All)
        {
            if (ReferenceEquals(entry.Process, this) && !entry.Task.IsCompleted)
            {
                (tasks ??= []).Add(entry.Task);
            }
        }

        if (tasks is not null)
        {
            EventLoop.Current.Drop(tasks, $"the process '{FileName}' {reason}");
            _run.Ready.LetGoOfDropped();
        }
    }

    private static Dictionary<string, string> OwnEnvironment()
        => System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(static variable => (string)variable.Key, static variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
}
