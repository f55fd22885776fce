using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>The group whose tasks a <see cref="TaskSet"/> holds.</summary>
internal interface ITaskSetOwner
{
    /// <summary>A new task may have to wait for its first step: true if it is kept back, and will be let go by the owner.</summary>
    bool HoldsBack(LoopTask task);

    /// <summary>A task has ended and is no longer in the set; its handle says how.</summary>
    void OnEnded(LoopTask task);

    /// <summary>Somebody has looked at the failure of a task that was in the set.</summary>
    void OnFailureSeen(LoopTask task);

    /// <summary>For one whose code cannot go on: waits until the tasks, which are cancelled, have ended. Cannot be cancelled itself.</summary>
    Coroutine WindUpAsync();
}

/// <summary>The tasks that belong together, a group's or the loop's own: every task is in one set from before its first step to its end.</summary>
/// <remarks>Of the loop's own a failure harms no other, and reaches the handler of reports if nobody awaits it.</remarks>
/// <param name="scope">The scope that its tasks start in.</param>
/// <param name="owner">The group; null for the loop's own, the root set.</param>
internal sealed class TaskSet(CancelScope scope, ITaskSetOwner? owner = null)
{
    private TaskList _tasks;

    internal EventLoop Loop { get; } = scope.Loop;

    internal CancelScope Scope => scope;

    internal ITaskSetOwner? Owner => owner;

    internal int Count => _tasks.Count;

    internal LoopTask? First => _tasks.First;

    /// <summary>Whether no task can be started in it any more, and why.</summary>
    internal string? ClosedBecause { get; set; }

    /// <summary>Whether the owner may keep tasks back.</summary>
    internal bool IsLimited { get; init; }

    /// <summary>Whether the owner has anything to do when a task has ended well; mostly it has not.</summary>
    internal bool HeedsSuccess { get; set; }

    /// <summary>Makes a task of a cold frame. It is registered, and so can be cancelled, before its first step.</summary>
    /// <exception cref="InvalidOperationException">The set is closed; the frame was disposed of.</exception>
    internal void Start(LoopTask task, Frame root)
    {
        if (ClosedBecause is { } reason)
        {
            root.Recycle(Loop.OwnThread);
            throw new InvalidOperationException(
                $"Cannot start {task.Describe()}: {reason}. The coroutine was disposed of and none of it ran. "
                + "Start tasks while the group's body or one of its tasks still runs.");
        }

        task.Attach(this, scope, root, ExecutionContext.Capture() ?? Loop.BaseContext);
        _tasks.Add(task);
        if (!IsLimited || !owner!.HoldsBack(task))
        {
            Loop.Enqueue(task);
        }
    }

    internal void Add(LoopTask task) => _tasks.Add(task);

    internal void Remove(LoopTask task) => _tasks.Remove(task);

    /// <summary>A task has ended and was taken out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void NoteEnd(LoopTask task)
    {
        if (HeedsSuccess || !task.IsCompletedSuccessfully)
        {
            if (owner is not null)
            {
                owner.OnEnded(task);
            }
            else if (task.IsFaulted)
            {
                Loop.Unobserved.Watch(task);
            }
        }
    }

    internal void DeliverCancellation()
    {
        for (var task = First; task is not null;)
        {
            // One that was kept back ends at once and is unlinked.
            var next = task.NextInSet;
            task.DeliverCancellation(scope);
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
