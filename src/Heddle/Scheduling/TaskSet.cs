using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>The tasks that belong together: every task is in one set from before its first step to its end.</summary>
internal abstract class TaskSet
{
    private TaskList _tasks;

    protected TaskSet(CancelScope scope)
    {
        Scope = scope;
        Loop = scope.Loop;
        scope.Tasks = this;
    }

    internal EventLoop Loop { get; }

    /// <summary>The scope that its tasks start in.</summary>
    internal CancelScope Scope { get; }

    internal int Count => _tasks.Count;

    /// <summary>Whether no task can be started in it any more, and why.</summary>
    internal string? ClosedBecause { get; set; }

    internal LoopTask? First => _tasks.First;

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

    /// <summary>Somebody has looked at the failure of a task that was in the set.</summary>
    internal virtual void NoteObserved(LoopTask task)
    {
    }

    internal void Add(LoopTask task) => _tasks.Add(task);

    internal void Remove(LoopTask task) => _tasks.Remove(task);

    internal virtual void DeliverCancellation()
    {
        for (var task = First; task is not null;)
        {
            // One that was kept back ends at once and is unlinked.
            var next = task.NextInSet;
            task.DeliverCancellation(Scope);
            task = next;
        }
    }
}

/// <summary>Tasks in the order of their coming. Linked through themselves: each is in one list at a time.</summary>
internal struct TaskList
{
    internal LoopTask? First { get; private set; }

    internal int Count { get; private set; }

    internal readonly bool Contains(LoopTask task) => task.PreviousInSet is not null || ReferenceEquals(task, First);

    internal void Add(LoopTask task)
    {
        Count++;
        if (First is not { } first)
        {
            First = task;
            return;
        }

        var last = first.PreviousInSet ?? first;
        task.PreviousInSet = last;
        last.NextInSet = task;
        first.PreviousInSet = task;
    }

    internal LoopTask? TakeFirst()
    {
        var first = First;
        if (first is not null)
        {
            Remove(first);
        }

        return first;
    }

    /// <summary>So that one who keeps a task keeps none of the others.</summary>
    internal void Clear()
    {
        while (TakeFirst() is not null)
        {
        }
    }

    internal void Remove(LoopTask task)
    {
        Count--;
        var next = task.NextInSet;
        if (!ReferenceEquals(task, First))
        {
            task.PreviousInSet!.NextInSet = next;
            SetPrevious(next ?? First!, task.PreviousInSet);
        }
        else if (next is not null)
        {
            First = next;
            SetPrevious(next, task.PreviousInSet!);
        }
        else
        {
            First = null;
        }

        task.NextInSet = task.PreviousInSet = null;

        static void SetPrevious(LoopTask task, LoopTask previous)
            => task.PreviousInSet = ReferenceEquals(task, previous) ? null : previous;
    }
}
