namespace Heddle;

/// <summary>A wait for a foreign task that can be abandoned.</summary>
/// <remarks>
/// What was registered with a <see cref="Task"/> cannot be taken back. So it is never the wait itself, but a <see cref="TaskArrival"/>, in whose list
/// the wait stands and which it leaves. One whose wait was abandoned stays with the task, for whoever waits for that task next: however often a
/// task is waited for in vain, it holds one registration a loop.
/// </remarks>
internal sealed class AbandonableWait<T> : Suspension<T>
{
    private readonly Place _place;
    private Task _task = null!;
    private TaskArrival _arrival = null!;
    private Func<Task, T> _getResult = null!;
    private CapturedFailure? _failure;

    private AbandonableWait() => _place = new Place(this);

    internal static AbandonableWait<T> Rent(Task task, Func<Task, T> getResult)
    {
        var wait = FreeFrames.Of<AbandonableWait<T>>().TryRent<AbandonableWait<T>>() ?? new AbandonableWait<T>();
        wait.Status = FrameStatus.Cold;
        wait._task = task;
        wait._getResult = getResult;
        return wait;
    }

    internal override string Describe() => $"something foreign that can be abandoned ({_task.GetType().Name.Split('`')[0]})";

    internal override bool? WouldComplete(LowLevel.Runner runner) => _task.IsCompleted;

    protected override bool Begin()
    {
        if (_task.IsCompleted)
        {
            if (!TryGetResult())
            {
                FailAtOnce();
            }

            return true;
        }

        WaitingTask.Loop.BeginForeignWait();
        _arrival = TaskArrival.Of(_task, WaitingTask.Loop);
        _arrival.Add(_place);
        _arrival.Register();
        return false;
    }

    protected override Failure OwnFailure => _failure!;

    protected override bool Abort()
    {
        WaitingTask.Loop.EndForeignWait();
        _place.Unlink();
        _arrival.Keep();
        return true;
    }

    protected override void ReturnToPool()
    {
        _task = null!;
        _arrival = null!;
        _getResult = null!;
        _failure = null;
        FreeFrames.Of<AbandonableWait<T>>().Return(this);
    }

    private void OnTaskEnded()
    {
        WaitingTask.Loop.EndForeignWait();
        if (TryGetResult())
        {
            Resume();
        }
        else
        {
            ResumeFailed();
        }
    }

    private bool TryGetResult()
    {
        try
        {
            _task.GetAwaiter().GetResult();
            Value = _getResult(_task);
            return true;
        }
        catch (Exception failure)
        {
            _failure = new CapturedFailure(failure);
            return false;
        }
    }

    private sealed class Place(AbandonableWait<T> wait) : EndNode
    {
        internal override void OnEnded() => wait.OnTaskEnded();
    }
}

/// <summary>What is registered with a foreign task: those on one loop who wait for it.</summary>
internal sealed class TaskArrival : EndList, ILoopItem
{
    private readonly EventLoop _loop;
    private readonly Task _task;
    private bool _isRegistered;
    private bool _isKept;

    private TaskArrival(EventLoop loop, Task task)
    {
        _loop = loop;
        _task = task;
    }

    /// <summary>The one that an abandoned wait has left with the task, or a new one.</summary>
    internal static TaskArrival Of(Task task, EventLoop loop)
        => loop.TaskArrivals is { } kept && kept.TryGetValue(task, out var arrival) ? arrival : new TaskArrival(loop, task);

    /// <summary>Once there is somebody to tell: a task that has ended meanwhile calls back within this.</summary>
    internal void Register()
    {
        if (_isRegistered)
        {
            return;
        }

        _isRegistered = true;
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(DirectContext.Instance);
        _task.GetAwaiter().UnsafeOnCompleted(OnCompleted);
        SynchronizationContext.SetSynchronizationContext(context);
    }

    bool ILoopItem.OnlyWakes => true;

    void ILoopItem.Run() => Arrive();

    /// <summary>Those who wait have ended with their loop.</summary>
    void ILoopItem.Drop()
    {
    }

    /// <summary>The task has ended, and the loop has heard of it.</summary>
    private void Arrive()
    {
        if (_isKept)
        {
            _loop.TaskArrivals!.Remove(_task);
        }

        Tell();
    }

    /// <summary>A wait has left it, and others may come. Waits that none had left so far have one each, and one is enough.</summary>
    internal void Keep() => _isKept |= (_loop.TaskArrivals ??= []).TryAdd(_task, this);

    /// <summary>Any thread.</summary>
    private void OnCompleted()
    {
        if (_loop.IsOnThread)
        {
            Arrive();
        }
        else
        {
            _loop.SubmitFromOutside(this);
        }
    }
}
