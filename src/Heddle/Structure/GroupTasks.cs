using Heddle.LowLevel;

namespace Heddle;

/// <summary>A group's tasks: what a failure does to the others, who waits for them, how many run at once.</summary>
internal sealed class GroupTasks : TaskSet
{
    private readonly TaskGroupOptions _options;
    private readonly Queue<LoopTask>? _waiting;
    private List<Exception>? _failures;
    private HashSet<Exception>? _distinct;

    /// <summary>Those that failed, in the order of their coming. Of a group that keeps going only those whose failure nobody has awaited or looked at.</summary>
    private TaskList _failed;
    private GroupJoin? _join;
    private int _running;
    private bool _wasCutShort;

    internal GroupTasks(CancelScope scope, TaskGroupOptions options)
        : base(scope)
    {
        _options = options;
        if (options.MaxConcurrency != int.MaxValue)
        {
            _waiting = new Queue<LoopTask>();
            HeedsSuccess = true;
        }
    }

    internal string Name => _options.Name is { } name ? $"group '{name}'" : "the group";

    /// <summary>Called for each task that has ended, before anyone who awaits it goes on.</summary>
    internal Action<LoopTask>? Ended
    {
        get;
        init
        {
            field = value;
            HeedsSuccess |= value is not null;
        }
    }

    /// <summary>Waits until all have ended, and closes the group. Not to be cancelled: it is the tasks that are.</summary>
    internal async Coroutine JoinAsync()
    {
        HeedsSuccess = true;

        // Between the end of the last task and this one's turn another may have been started.
        while (Count > 0)
        {
            await new Coroutine(_join = new GroupJoin(this));
        }

        Close();
    }

    /// <summary>A task is started that somebody waits for to say that it is up.</summary>
    internal void HeedHandshakes() => HeedsSuccess = true;

    internal override async Coroutine WindUpAsync()
    {
        await JoinAsync();
        ReportFailures();
    }

    internal void OnBodyFailed(Exception failure)
    {
        failure = Scope.Attribute(failure);
        if (Scope.IsCancellation(failure))
        {
            _wasCutShort = true;
            return;
        }

        Add(failure);
        Scope.CancelCore($"the body of {Name} failed: {failure.Message}");
    }

    /// <summary>When all have ended: throws every failure, or the cancellation from further out that cut the work short.</summary>
    internal void ThrowIfFailed()
    {
        Close();
        if (_options.KeepGoing)
        {
            AddUnobserved();
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
        Close();
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
        Close();
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

    /// <summary>What cannot be thrown any more must not be silent.</summary>
    /// <remarks>For a call that throws something else altogether: no failure of a task is silent.</remarks>
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

    internal void Close() => ClosedBecause = $"{Name} has ended";

    protected override void OnEnded(LoopTask task)
    {
        if (task.Starting is { HasStarted: false } starting)
        {
            // A failure before the handshake belongs to whoever starts the task, not to the group.
            starting.EndBeforeStart();
        }
        else if (!task.IsCompletedSuccessfully)
        {
            OnTaskEndedOtherwise(task);
        }

        Ended?.Invoke(task);
        if (_waiting is not null && task.HasRun)
        {
            LetNextRun(_waiting);
        }

        if (Count == 0)
        {
            _join?.OnAllEnded();
        }
    }

    protected override void Schedule(LoopTask runner)
    {
        if (_waiting is not null)
        {
            if (_running == _options.MaxConcurrency)
            {
                runner.State = RunnerState.KeptBack;
                _waiting.Enqueue(runner);
                return;
            }

            _running++;
        }

        base.Schedule(runner);
    }

    internal override void DeliverCancellation()
    {
        base.DeliverCancellation();
        _waiting?.Clear();
    }

    private void OnTaskEndedOtherwise(LoopTask task)
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
    internal override void NoteObserved(LoopTask task)
    {
        if (_failed.Contains(task))
        {
            _failed.Remove(task);
        }
    }

    private void AddUnobserved()
    {
        while (_failed.TakeFirst() is { } task)
        {
            task.MarkObserved();
            Add(task.Failure!);
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

    /// <summary>A task that ran has ended: one that waits takes its place.</summary>
    private void LetNextRun(Queue<LoopTask> waiting)
    {
        _running--;
        while (_running < _options.MaxConcurrency && waiting.TryDequeue(out var next))
        {
            if (next.State == RunnerState.KeptBack)
            {
                _running++;
                next.State = RunnerState.Ready;
                Loop.Enqueue(next);
            }
        }
    }

    /// <summary>The wait at the end of a group.</summary>
    private sealed class GroupJoin : Suspension<Nothing>
    {
        private readonly GroupTasks _group;

        internal GroupJoin(GroupTasks group)
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
                Resume();
            }
        }

        protected override bool Begin() => _group.Count == 0;

        protected override bool Abort() => false;
    }
}
