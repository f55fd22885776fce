using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>The ready tasks of a simulated loop, in the order in which they became ready. Whose turn it is the oracle decides.</summary>
/// <remarks>
/// What one task starts, begins in the order of the starts, as on any loop: of those only the first that has not begun is among the ready ones.
/// A task that is held back has its turn only when no other task is ready, or has let so many turns go by that the others seem to wait for it by looking
/// again and again: a loop is fair, and an order that never lets it in would be none.
/// </remarks>
internal sealed class ReadyTasks(SimulationRun run) : IReadyQueue
{
    private const int MostTurnsHeld = 1000;

    private readonly Dictionary<LoopTask, SimulatedTask> _known = [];
    private readonly List<SimulatedTask> _all = [];
    private readonly Queue<(SimulatedTask Task, int Since)> _held = [];
    private SimulatedTask[] _ready = new SimulatedTask[64];
    private int _head;
    private int _enqueued;
    private SimulatedTask? _running;
    private SimulatedTask? _lastStartByNobody;
    private bool _isStepping;

    /// <summary>How many are ready and not held back.</summary>
    internal int Count { get; private set; }

    /// <summary>The task that had the last turn; null once the loop has looked for time and arrivals.</summary>
    internal SimulatedTask? Running => _running;

    internal ReadOnlySpan<SimulatedTask> All => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_all)[..TaskCount];

    internal int TaskCount { get; private set; }

    /// <summary>Set while a flow of <see cref="System.Threading.Tasks.Task"/> code gets a task: then it is none that a step has started, and its first turn need not come before that of another.</summary>
    internal TaskFlow? StartingFlow { get; set; }

    /// <summary>Set while the test itself reaches from one host into another, to stop it.</summary>
    internal bool MayReachOthers { get; set; }

    internal SimulatedTask this[int index] => _ready[_head + index];

    public void Enqueue(LoopTask task)
    {
        SimulatedTask entry;
        var waitsForStart = false;
        if (_running is { } running && ReferenceEquals(running.Task, task))
        {
            // Nobody else has had a turn since: it has yielded.
            entry = running;
            entry.HasArrived = false;
            run.Oracle.OnYielded(entry);
        }
        else
        {
            entry = Of(task, out waitsForStart);
            entry.HasArrived = _running is null;
            RefuseShared(entry);
        }

        entry.Since = _enqueued++;

        if (run.Trace is not null)
        {
            run.Trace.OnReady(entry);
        }

        if (!waitsForStart)
        {
            Insert(entry, Count);
        }
    }

    public LoopTask? Dequeue()
    {
        _isStepping = false;
        run.BetweenSteps(_running);
        if (Count == 0 && _held.Count == 0)
        {
            // The turn of one that was dropped.
            _running = null;
            return null;
        }

        var oracle = run.Oracle;
        SimulatedTask next;
        while (true)
        {
            if (Count == 0 || (_held.Count > 0 && oracle.Steps - _held.Peek().Since > MostTurnsHeld))
            {
                next = _held.Dequeue().Task;
                break;
            }

            if (Count == 1)
            {
                next = TakeAt(0);
                break;
            }

            var choice = oracle.DecideTurn(Count + 1);
            if (choice < Count)
            {
                run.Trace?.OnChosen(this, choice);
                next = TakeAt(choice);
                break;
            }

            run.Trace?.OnHeld(this[0]);
            _held.Enqueue((TakeAt(0), oracle.Steps));
        }

        if (!next.HasBegun)
        {
            Begin(next);
        }

        oracle.NoteTurn(next);
        _running = next;
        _isStepping = true;
        run.Trace?.OnTurn(next);
        return next.Task;
    }

    /// <summary>The loop has nothing to do and looks for what comes by time or from outside.</summary>
    internal void OnIdle()
    {
        _isStepping = false;
        run.BetweenSteps(_running);
        _running = null;
    }

    /// <summary>Some tasks were dropped: they have no turn any more.</summary>
    internal void LetGoOfDropped()
    {
        for (var i = 0; i < Count;)
        {
            if (this[i].Task.IsCompleted)
            {
                var dropped = TakeAt(i);
                if (!dropped.HasBegun)
                {
                    Begin(dropped);
                }
            }
            else
            {
                i++;
            }
        }

        for (var i = _held.Count; i > 0; i--)
        {
            var held = _held.Dequeue();
            if (!held.Task.Task.IsCompleted)
            {
                _held.Enqueue(held);
            }
            else if (!held.Task.HasBegun)
            {
                Begin(held.Task);
            }
        }
    }

    internal void Clear()
    {
        foreach (var task in All)
        {
            task.Forget();
        }

        _known.Clear();
        _held.Clear();
        Array.Clear(_ready);
        _head = 0;
        Count = 0;
        TaskCount = 0;
        _enqueued = 0;
        _running = null;
        _lastStartByNobody = null;
        StartingFlow = null;
    }

    /// <param name="task">One that became ready.</param>
    /// <param name="waitsForStart">Whether another start of the same task's has to begin before.</param>
    private SimulatedTask Of(LoopTask task, out bool waitsForStart)
    {
        waitsForStart = false;
        if (_known.TryGetValue(task, out var known))
        {
            return known;
        }

        if (TaskCount == _all.Count)
        {
            _all.Add(new SimulatedTask());
        }

        var entry = _all[TaskCount];
        var starter = StartingFlow is null ? StarterOf(task) : StarterOfFlow;
        entry.Reset(task, starter, TaskCount++);
        _known.Add(task, entry);
        run.Oracle.OnSeen(entry);
        if (StartingFlow is not null)
        {
            StartingFlow.Belongs(task);
            entry.HasBegun = true;
            entry.IsFlow = true;
            entry.IsOfPool = StartingFlow.Work is not null;
            return entry;
        }

        ref var lastStart = ref starter is null ? ref _lastStartByNobody : ref starter.LastStart;
        if (lastStart is { HasBegun: false })
        {
            lastStart.NextStart = entry;
            waitsForStart = true;
        }

        lastStart = entry;
        return entry;
    }

    /// <summary>
    /// A step on one machine has woken a task on another. Over the network that is done by callbacks, between steps; so it was by an object that both have. A
    /// task that has ended may wake who waits for it, as the test has one host run something for another.
    /// </summary>
    private void RefuseShared(SimulatedTask woken)
    {
        if (_isStepping && !MayReachOthers && woken is { Host: { } host, HasBegun: true } && _running is { Host: { } other, Task.IsCompleted: false } waker
            && !ReferenceEquals(host, other) && LoopTask.Current is not null)
        {
            run.Stop(SimulationFailure.SharedObject(waker, other, woken, host));
        }
    }

    /// <summary>The task whose step it is; if that has ended, and so has let go of one that its group had kept back, the task that had started both.</summary>
    private SimulatedTask? StarterOf(LoopTask task)
        => _running is { Task.IsCompleted: true } && task.Owner is { } owner && _known.TryGetValue(owner, out var known) ? known : _running;

    /// <summary>The flow that ran last. A piece of work for the pool starts none: what goes on from piece to piece would have a name of a thousand parts.</summary>
    private SimulatedTask StarterOfFlow => (_running is { IsOfPool: true } ? _running.Starter : _running) ?? _all[0];

    /// <summary>The start behind this one comes where it would stand had it been among the ready ones all the time.</summary>
    private void Begin(SimulatedTask task)
    {
        task.HasBegun = true;
        var next = task.NextStart;
        while (next is { Task.IsCompleted: true })
        {
            // It was dropped before its turn.
            next.HasBegun = true;
            next = next.NextStart;
        }

        if (next is not null)
        {
            var index = 0;
            while (index < Count && this[index].Since < next.Since)
            {
                index++;
            }

            Insert(next, index);
        }
    }

    private void Insert(SimulatedTask task, int index)
    {
        if (index == 0 && _head > 0)
        {
            _ready[--_head] = task;
            Count++;
            return;
        }

        if (_head + Count == _ready.Length)
        {
            MakeRoom();
        }

        if (index < Count)
        {
            Array.Copy(_ready, _head + index, _ready, _head + index + 1, Count - index);
        }

        _ready[_head + index] = task;
        Count++;
    }

    private SimulatedTask TakeAt(int index)
    {
        var taken = _ready[_head + index];
        if (index > 0)
        {
            Array.Copy(_ready, _head, _ready, _head + 1, index);
        }

        _ready[_head] = null!;
        Count--;
        _head = Count == 0 ? 0 : _head + 1;
        return taken;
    }

    private void MakeRoom()
    {
        var target = Count > _ready.Length / 2 ? new SimulatedTask[_ready.Length * 2] : _ready;
        Array.Copy(_ready, _head, target, 0, Count);
        if (ReferenceEquals(target, _ready))
        {
            Array.Clear(_ready, Count, _ready.Length - Count);
        }

        _ready = target;
        _head = 0;
    }
}
