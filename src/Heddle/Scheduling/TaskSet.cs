namespace Heddle;

/// <summary>The tasks that belong together: every task is in one set from before its first step to its end.</summary>
internal abstract class TaskSet
{
    private TaskRunner? _first;
    private TaskRunner? _last;

    protected TaskSet(CancelScope scope)
    {
        Scope = scope;
        scope.Tasks = this;
    }

    internal EventLoop Loop => Scope.Loop;

    /// <summary>The scope that its tasks start in.</summary>
    internal CancelScope Scope { get; }

    internal int Count { get; private set; }

    /// <summary>Whether no task can be started in it any more, and why.</summary>
    internal string? ClosedBecause { get; set; }

    internal TaskRunner? First => _first;

    /// <summary>Makes a task of a cold frame. It is registered, and so can be cancelled, before its first step.</summary>
    /// <exception cref="InvalidOperationException">The set is closed; the frame was disposed of.</exception>
    internal TaskRunner Start(LoopTask handle, Frame root)
    {
        if (ClosedBecause is { } reason)
        {
            root.Recycle();
            throw new InvalidOperationException(
                $"Cannot start {handle.Describe()}: {reason}. The coroutine was disposed of and none of it ran. "
                + "Start tasks while the group's body or one of its tasks still runs.");
        }

        var runner = new TaskRunner(handle, this, Scope, root, ExecutionContext.Capture() ?? Loop.BaseContext);
        handle.Attach(runner);
        Add(runner);
        Schedule(runner);
        return runner;
    }

    /// <summary>Lets a new task have its first step; a set that limits how many run may keep it back.</summary>
    protected virtual void Schedule(TaskRunner runner) => Loop.Enqueue(runner);

    /// <summary>A task has ended and is no longer in the set; its handle says how.</summary>
    internal abstract void OnEnded(LoopTask task);

    internal void Add(TaskRunner runner)
    {
        runner.Previous = _last;
        if (_last is null)
        {
            _first = runner;
        }
        else
        {
            _last.Next = runner;
        }

        _last = runner;
        Count++;
    }

    internal void Remove(TaskRunner runner)
    {
        if (runner.Previous is null)
        {
            _first = runner.Next;
        }
        else
        {
            runner.Previous.Next = runner.Next;
        }

        if (runner.Next is null)
        {
            _last = runner.Previous;
        }
        else
        {
            runner.Next.Previous = runner.Previous;
        }

        runner.Next = runner.Previous = null;
        Count--;
    }

    internal virtual void DeliverCancellation()
    {
        for (var runner = _first; runner is not null;)
        {
            // One that was kept back ends at once and is unlinked.
            var next = runner.Next;
            runner.DeliverCancellation();
            runner = next;
        }
    }
}
