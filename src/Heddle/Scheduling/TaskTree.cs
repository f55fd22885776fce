using Heddle.LowLevel;

namespace Heddle;

/// <summary>Makes a <see cref="LoopSnapshot"/> of a loop's tasks.</summary>
internal sealed class TaskTree(EventLoop loop)
{
    private readonly IReadOnlyList<LoopTask> _tasks = loop.Tasks;
    private readonly Dictionary<LoopTask, TaskSnapshot> _nodes = [];
    private readonly Dictionary<LoopTask, LoopTask> _above = [];

    /// <summary>For each task that stands below another: one that stands somewhere above it. Chains of these grow shorter as they are walked.</summary>
    private readonly Dictionary<LoopTask, LoopTask> _upwards = [];

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
                PutBelow(owner, task);
            }
        }

        foreach (var task in _tasks)
        {
            if (task.State == RunnerState.Suspended && LoopTask.Of(task.Top!.Awaited) is { } awaited && _nodes.ContainsKey(awaited)
                && !_above.ContainsKey(awaited) && !ReferenceEquals(RootOf(task), awaited))
            {
                PutBelow(task, awaited);
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

    private void PutBelow(LoopTask above, LoopTask task)
    {
        _above.Add(task, above);
        _upwards.Add(task, above);
    }

    /// <summary>The one that stands above all others over the task, or the task itself; to be put below the task would make a circle of it.</summary>
    private LoopTask RootOf(LoopTask task)
    {
        var root = task;
        while (_upwards.TryGetValue(root, out var above))
        {
            root = above;
        }

        while (!ReferenceEquals(task, root))
        {
            var above = _upwards[task];
            _upwards[task] = root;
            task = above;
        }

        return root;
    }
}
