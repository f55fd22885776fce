namespace Heddle.Testing;

/// <summary>Where <see cref="Task"/> code of a simulated run goes on: gives each continuation to the flow that it is of, which has it when its turn comes.</summary>
/// <remarks>
/// Of which flow a continuation is, is found between two steps, and not when it comes: a method may give it before its caller has begun to wait for the method. What is no method,
/// such as what a <see cref="Progress{T}"/> reports, is one flow, so that it keeps its order.
/// </remarks>
internal sealed class TaskContext : SynchronizationContext
{
    private readonly SimulationRun _run;
    private readonly PoolGate? _gate;
    private readonly EventLoop _loop = EventLoop.Current;
    private readonly int _loopsThread = Environment.CurrentManagedThreadId;
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posts = [];
    private readonly Dictionary<Task, TaskFlow> _flows = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<PoolWork> _works = [];
    private TaskFlow _main = null!;
    private TaskFlow? _callbacks;
    private int _sweepAt = 64;
    private volatile bool _isOver;

    internal TaskContext(SimulationRun run, PoolGate? gate)
    {
        (_run, _gate) = (run, gate);
        SetWaitNotificationRequired();
    }

    public override SynchronizationContext CreateCopy() => this;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (_isOver)
        {
            // What has come too late waits for ever, as after the end of a process.
        }
        else if (Environment.CurrentManagedThreadId == _loopsThread || PoolGate.IsInTurn)
        {
            _posts.Enqueue((d, state));
        }
        else
        {
            // From outside: by the loop's door, where it is noticed.
            _loop.Post(static late => late.Context.Post(late.Callback, late.State), (Context: this, Callback: d, State: state));
        }
    }

    /// <summary>The code blocks the loop's thread, and waits for what can only come when it does not: all else waits for its turn.</summary>
    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        var grace = _run.BlockingGrace;
        var isLonger = grace != Timeout.Infinite && (uint)millisecondsTimeout > (uint)grace;
        var result = WaitHelper(waitHandles, waitAll, isLonger ? grace : millisecondsTimeout);
        return !isLonger || result != WaitHandle.WaitTimeout ? result : throw new InvalidOperationException(
            "The code blocks its thread (Task.Wait, .Result, a lock or another synchronous wait), and what it waits for can only come when it does not: in a simulation "
            + "all code has turns on one thread. Use 'await' instead.");
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <summary>Runs the program, as the main task.</summary>
    internal async Coroutine RunAsync(Func<SimulationWorld, Task> body, SimulationWorld world)
    {
        _main = new TaskFlow("main", null) { IsInTurn = true };
        _main.Belongs(LoopTask.Current!);
        PoolGate.Watch(true);
        try
        {
            Task? program = null;
            Call(state => program = body((SimulationWorld)state!), world);
            _main.IsInTurn = false;
            if (program is null)
            {
                return;
            }

            _main.Method = program;
            _flows.Add(program, _main);
            while (!program.IsCompleted)
            {
                await _main.NextAsync();
                CallNext(_main);
            }

            // Completed: what it threw, and no wait.
            program.GetAwaiter().GetResult();
        }
        finally
        {
            Close();
            foreach (var flow in _flows.Values)
            {
                flow.Wake();
            }

            _callbacks?.Wake();
        }

        foreach (var flow in _flows.Values)
        {
            if (flow.Method is { } method && AsyncMethods.IsUnobserved(method))
            {
                _run.Fail(SimulationFailure.Unobserved(flow.Name, method.Exception!.InnerException!));
            }
        }
    }

    /// <summary>Between two steps: what has come is given to its flows.</summary>
    internal void Distribute()
    {
        while (!_isOver && _posts.TryDequeue(out var post))
        {
            Give(post.Callback, post.State);
        }

        while (!_isOver && _gate?.NextGiven() is { } work)
        {
            _works.Add(work);
            Start(new TaskFlow(work), DoInPool, work);
        }

        if (!_isOver && _main.Method is { IsCompleted: true })
        {
            _main.Wake();
        }
    }

    /// <summary>The flows as they stand, a line each.</summary>
    public override string ToString()
        => string.Join('\n', _run.Ready.All.ToArray()
            .Select(static task => (task.Path, task.Label, task.Task, Flow: TaskFlow.Of(task.Task)))
            .Where(static task => task is { Task.IsCompleted: false, Flow: { HasEnded: false } or { IsInTurn: true } })
            .Select(static task => task.Flow!.IsInTurn ? $"{task.Label} runs now"
                : task.Flow is { HasPosts: false, Method: { } method } && AsyncMethods.IsRunning(method) ? $"{task.Label} runs now, in the turn of another" : $"{task.Label} is at {task.Flow.Site}"));

    /// <summary>What comes from now on is too late, and what was given to the pool is done. Also called after a loop that was ended where it stood.</summary>
    internal void Close()
    {
        if (!_isOver)
        {
            _isOver = true;
            _gate?.DoAll(_works);
            PoolGate.Watch(false);
        }
    }

    private void Give(SendOrPostCallback callback, object? state)
    {
        var flow = _callbacks;
        var method = AsyncMethods.Behind(state);
        if (method is not null)
        {
            while (!_flows.TryGetValue(method, out flow) && AsyncMethods.WaitingFor(method) is { } waiting)
            {
                method = waiting;
            }
        }

        if (flow is not null)
        {
            flow.Give(callback, state);
        }
        else if (method is null)
        {
            Start(_callbacks = new TaskFlow("callbacks", null), callback, state);
        }
        else
        {
            Sweep();
            _flows.Add(method, flow = new TaskFlow(AsyncMethods.NameOf(method), method));
            Start(flow, callback, state);
        }
    }

    /// <summary>Those whose method has ended in the turn of another.</summary>
    private void Sweep()
    {
        if (_flows.Count < _sweepAt)
        {
            return;
        }

        foreach (var (method, flow) in _flows)
        {
            if (flow.HasEnded && flow != _main && !AsyncMethods.IsUnobserved(method))
            {
                _flows.Remove(method);
                flow.Wake();
            }
        }

        _sweepAt = Math.Max(64, 2 * _flows.Count);
    }

    private void Start(TaskFlow flow, SendOrPostCallback callback, object? state)
    {
        flow.Give(callback, state);
        _run.Ready.StartingFlow = flow;
        try
        {
            LoopTask.Start(HaveTurnsAsync(flow), flow.Name);
        }
        finally
        {
            _run.Ready.StartingFlow = null;
        }
    }

    private async Coroutine HaveTurnsAsync(TaskFlow flow)
    {
        while (!_isOver)
        {
            CallNext(flow);
            if (flow.HasEnded)
            {
                break;
            }

            await flow.NextAsync();
        }
    }

    private void CallNext(TaskFlow flow)
    {
        if (!_isOver && flow.TryTake(out var post))
        {
            flow.IsInTurn = true;
            try
            {
                Call(post.Callback, post.State);
            }
            catch (Exception failure)
            {
                // Of a callback, or of a method that is async void: there is nobody to tell.
                _run.Stop(SimulationFailure.Of(failure));
            }
            finally
            {
                flow.IsInTurn = false;
            }
        }
    }

    private void Call(SendOrPostCallback callback, object? state)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private void DoInPool(object? state)
    {
        var work = (PoolWork)state!;
        _works.Remove(work);

        // It is no code of the program's that waits here.
        SetSynchronizationContext(null);
        if (!work.HasEnded && !_gate!.Do(work))
        {
            _run.NoteOutside("work that the program gave to the thread pool did not end within seconds, or was done by somebody else");
        }
    }
}
