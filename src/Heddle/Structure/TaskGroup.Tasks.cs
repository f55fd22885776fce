namespace Heddle;

/// <content>What becomes of its tasks: what a failure does to the others, who waits for all, how many run at once.</content>
public sealed partial class TaskGroup
{
    /// <summary>Those that were kept back; null if there is no limit. Some may have been cancelled meanwhile.</summary>
    private readonly Queue<LoopTask>? _waiting;
    private List<Exception>? _failures;
    private HashSet<Exception>? _distinct;

    /// <summary>Those that failed, in the order of their coming. Of a group that keeps going only those whose failure nobody has awaited or looked at.</summary>
    private TaskList _failed;
    private GroupJoin? _join;
    private int _running;
    private bool _wasCutShort;

    internal EventLoop Loop => _tasks.Loop;

    private string Name => _options.Name is { } name ? $"group '{name}'" : "the group";

    /// <summary>Waits until all have ended, which closes the group. Not to be cancelled: it is the tasks that are.</summary>
    internal Coroutine JoinAsync()
    {
        if (Count == 0)
        {
            Close();
            return default;
        }

        _tasks.HeedsSuccess = true;
        return new(_join = new GroupJoin(this));
    }

    async Coroutine ITaskSetOwner.WindUpAsync()
    {
        await JoinAsync();
        ReportFailures();
    }

    /// <summary>When all have ended: throws every failure, or the cancellation from further out that cut the work short.</summary>
    private void ThrowIfFailed()
    {
        while (_options.KeepGoing && _failed.TakeFirst() is { } task)
        {
            task.MarkObserved();
            Add(task.Failure!);
        }

        if (_failures is not null)
        {
            _failed.Clear();
            throw AggregateExceptions.OfGroup(Name, _failures);
        }

        ThrowIfCutShort();
    }

    /// <summary>When all have ended: throws the first failure as it is, and reports the others.</summary>
    internal void ThrowFirstFailure()
    {
        if (_failed.TakeFirst() is { } first)
        {
            ReportFailures();
            first.CapturedFailure!.Throw();
        }

        ThrowIfCutShort();
    }

    /// <summary>When all have ended: throws what cut the work short, if that was a cancellation from further out or a deadline.</summary>
    internal void ThrowIfCutShort()
    {
        if (!_wasCutShort || Scope.CanceledBy is not { } origin)
        {
            return;
        }

        var isFromFurtherOut = !ReferenceEquals(origin, Scope);
        if (isFromFurtherOut || Scope.HasExpired)
        {
            ReportFailures();
            var cancellation = Scope.CreateCancellation();
            throw isFromFurtherOut ? cancellation : Scope.CreateTimeout(cancellation);
        }
    }

    /// <summary>For a call that throws something else altogether: no failure of a task is silent.</summary>
    internal void ReportFailures()
    {
        while (_failed.TakeFirst() is { } task)
        {
            task.MarkObserved();
            Loop.Report(LoopReports.NotThrown(task));
        }
    }

    /// <summary>For an enumeration that has been left.</summary>
    internal void ReportUnobserved()
    {
        while (_failed.TakeFirst() is { } task)
        {
            Loop.Report(LoopReports.Unobserved(task));
        }
    }

    private void Close() => _tasks.ClosedBecause = $"{Name} has ended";

    private void OnBodyFailed(Exception failure)
    {
        failure = Scope.Interpret(failure);
        if (Scope.IsCancellation(failure))
        {
            _wasCutShort = true;
            return;
        }

        Add(failure);
        Scope.CancelCore($"the body of {Name} failed: {failure.Message}");
    }

    void ITaskSetOwner.OnEnded(LoopTask task)
    {
        if (!task.HandsEndToStarter() && !task.IsCompletedSuccessfully)
        {
            if (task.IsFaulted)
            {
                OnTaskFailed(task);
            }
            else if (task.Failure is ScopeCanceledException { Scope: { } origin } && Scope.IsWithin(origin))
            {
                // Not when the task alone was cancelled: that cut nothing of the group's short.
                _wasCutShort = true;
            }
        }

        _ended?.Invoke(task);
        if (_waiting is not null && task.HasRun)
        {
            LetNextRun(_waiting);
        }

        if (Count == 0)
        {
            _join?.OnAllEnded();
        }
    }

    private void OnTaskFailed(LoopTask task)
    {
        if (!_options.KeepGoing)
        {
            task.MarkObserved();
            _failed.Add(task);
            Add(task.Failure!);
            if (Scope.CanBeCanceled)
            {
                Scope.CancelCore($"{task.Describe()} failed: {task.Failure!.Message}");
            }
        }
        else if (!task.IsObserved)
        {
            _failed.Add(task);
        }
    }

    /// <summary>A failure that somebody has awaited is theirs, and no longer that of a group that keeps going.</summary>
    void ITaskSetOwner.OnFailureSeen(LoopTask task)
    {
        if (_failed.Contains(task))
        {
            _failed.Remove(task);
        }
    }

    /// <summary>The body that awaits a failed task fails with the very same exception; it counts once.</summary>
    private void Add(Exception failure)
    {
        if ((_distinct ??= new(ReferenceEqualityComparer.Instance)).Add(failure))
        {
            (_failures ??= []).Add(failure);
        }
    }

    bool ITaskSetOwner.HoldsBack(LoopTask task)
    {
        if (_running < _options.MaxConcurrency)
        {
            _running++;
            return false;
        }

        task.State = LowLevel.RunnerState.KeptBack;
        _waiting!.Enqueue(task);
        return true;
    }

    /// <summary>A task that ran has ended: one that waits takes its place.</summary>
    private void LetNextRun(Queue<LoopTask> waiting)
    {
        _running--;
        while (_running < _options.MaxConcurrency && waiting.TryDequeue(out var next))
        {
            if (next.State == LowLevel.RunnerState.KeptBack)
            {
                _running++;
                next.State = LowLevel.RunnerState.Ready;
                Loop.Enqueue(next);
            }
        }
    }

    /// <summary>The wait at the end of a group.</summary>
    private sealed class GroupJoin : Suspension<Nothing>
    {
        private readonly TaskGroup _group;

        internal GroupJoin(TaskGroup group)
        {
            _group = group;
            Status = FrameStatus.Cold;
        }

        protected override bool ChecksCancellationOnEntry => false;

        internal override string Describe() => $"the {_group.Count} tasks of {_group.Name}";

        internal void OnAllEnded()
        {
            if (Status == FrameStatus.Running)
            {
                _group.Close();
                Resume();
            }
        }

        protected override bool Begin() => false;

        protected override bool Abort() => false;
    }
}
