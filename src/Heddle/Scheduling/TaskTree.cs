using Heddle.LowLevel;

namespace Heddle;

/// <summary>Makes a <see cref="LoopSnapshot"/> of a loop's tasks.</summary>
internal sealed class TaskTree(EventLoop loop)
{
    private readonly IReadOnlyList<LoopTask> _tasks = loop.Tasks;
    private readonly Dictionary<LoopTask, TaskSnapshot> _nodes = [];
    private readonly Dictionary<LoopTask, LoopTask> _above = [];

    internal LoopSnapshot Take()
    {
        foreach (var task in _tasks)
        {
            _nodes.Add(task, Describe(task));
        }

        // A group's task stands below the group's; only one that belongs to the loop alone may stand below who awaits it.
        foreach (var task in _tasks)
        {
            if (task.StartedBy is { } owner && _nodes.ContainsKey(owner))
            {
                _above.Add(task, owner);
            }
        }

        foreach (var task in _tasks)
        {
            if (task.State == RunnerState.Suspended && LoopTask.Of(task.Top!.Awaited) is { } awaited && _nodes.ContainsKey(awaited) && !IsAbove(awaited, task))
            {
                _above.TryAdd(awaited, task);
            }
        }

        var roots = new List<TaskSnapshot>();
        foreach (var task in _tasks)
        {
            if (_above.TryGetValue(task, out var above))
            {
                _nodes[above].Add(_nodes[task]);
            }
            else
            {
                roots.Add(_nodes[task]);
            }
        }

        return new(loop.Name, loop.Now, roots, _tasks.Count);
    }

    private TaskSnapshot Describe(LoopTask task) => new(
        task.Id, task.Name, task.IsImplicit, FramesOf(task), task.WaitsFor!, loop.Journal?.WaitingFor(task));

    /// <summary>The methods on the task's stack, the outermost first.</summary>
    internal static IReadOnlyList<string> FramesOf(LoopTask task)
    {
        if (task.State == RunnerState.Running)
        {
            // The stack is the thread's, and not the task's to tell.
            return [];
        }

        var names = new List<string>();
        for (var frame = task.Top; frame is not null; frame = frame.Awaiter)
        {
            if (frame.Name is { } name)
            {
                names.Add(name);
            }
        }

        names.AddRange(task.ForeignCallers);
        names.Reverse();
        return names;
    }

    /// <summary>Whether the one stands somewhere above the other, so that the other must not be put above it.</summary>
    private bool IsAbove(LoopTask one, LoopTask other)
    {
        for (LoopTask? task = other; task is not null; task = _above.GetValueOrDefault(task))
        {
            if (ReferenceEquals(task, one))
            {
                return true;
            }
        }

        return false;
    }
}
