using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>The tasks that belong together: every task is in one set from before its first step to its end.</summary>
internal abstract class TaskSet
{
    private LoopTask? _first;

    protected TaskSet(CancelScope scope)
    {
        Scope = scope;
        Loop = scope.Loop;
        scope.Tasks = this;
    }

    internal EventLoop Loop { get; }

    /// <summary>The scope that its tasks start in.</summary>
    internal CancelScope Scope { get; }

    internal int Count { get; private set; }

    /// <summary>Whether no task can be started in it any more, and why.</summary>
    internal string? ClosedBecause { get; set; }

    internal LoopTask? First => _first;

    /// <summary>Makes a task of a cold frame. It is registered, and so can be cancelled, before its first step.</summary>
    /// <exception cref="InvalidOperationException">The set is closed; the frame was disposed of.</exception>
    internal void Start(LoopTask task, Frame root)
    {
        if (ClosedBecause is { } reason)
        {
            root.Recycle(Loop.Entered);
            throw new InvalidOperationException(
                $"Cannot start {task.Describe()}: {reason}. The coroutine was disposed of and none of it ran. "
                + "Start tasks while the group's body or one of its tasks still runs.");
        }

        task.Attach(this, Scope, root, ExecutionContext.Capture() ?? Loop.BaseContext);
        Add(task);
        Schedule(task);
    }

    /// <summary>Lets a new task have its first step; a set that limits how many run may keep it back.</summary>
    protected virtual void Schedule(LoopTask task) => Loop.Enqueue(task);

    /// <summary>A task has ended and is no longer in the set; its handle says how.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void NoteEnd(LoopTask task)
    {
        if (HeedsSuccess || !task.IsCompletedSuccessfully)
        {
            OnEnded(task);
        }
    }

    /// <summary>Whether the set has anything to do when a task has ended well; mostly it has not.</summary>
    protected bool HeedsSuccess { get; set; }

    protected abstract void OnEnded(LoopTask task);

    /// <summary>For a set whose owner cannot go on: waits until its tasks, which are cancelled, have ended. Cannot be cancelled itself.</summary>
    internal abstract Coroutine WindUpAsync();

    internal void Add(LoopTask task)
    {
        Count++;
        if (_first is not { } first)
        {
            _first = task;
            return;
        }

        var last = first.PreviousInSet ?? first;
        task.PreviousInSet = last;
        last.NextInSet = task;
        first.PreviousInSet = task;
    }

    internal void Remove(LoopTask task)
    {
        Count--;
        var next = task.NextInSet;
        if (!ReferenceEquals(task, _first))
        {
            task.PreviousInSet!.NextInSet = next;
            SetPrevious(next ?? _first!, task.PreviousInSet);
        }
        else if (next is not null)
        {
            _first = next;
            SetPrevious(next, task.PreviousInSet!);
        }
        else
        {
            _first = null;
        }

        task.NextInSet = task.PreviousInSet = null;

        static void SetPrevious(LoopTask task, LoopTask previous)
            => task.PreviousInSet = ReferenceEquals(task, previous) ? null : previous;
    }

    internal virtual void DeliverCancellation()
    {
        for (var task = _first; task is not null;)
        {
            // One that was kept back ends at once and is unlinked.
            var next = task.NextInSet;
            task.DeliverCancellation(Scope);
            task = next;
        }
    }
}
