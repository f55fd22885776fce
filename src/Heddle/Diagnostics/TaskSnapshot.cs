using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Heddle;

/// <summary>A task as it stood when a <see cref="LoopSnapshot"/> was taken.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class TaskSnapshot
{
    private const int MostFrames = 20;

    private readonly List<TaskSnapshot> _tasks = [];

    internal TaskSnapshot(long id, string name, bool isImplicit, IReadOnlyList<string> frames, string waitsFor, TimeSpan? waiting)
    {
        Id = id;
        Name = name;
        IsImplicit = isImplicit;
        Frames = frames;
        WaitsFor = waitsFor;
        Waiting = waiting;
    }

    /// <summary>The task's <see cref="LoopTask.Id"/>.</summary>
    public long Id { get; }

    /// <summary>The task's <see cref="LoopTask.Name"/>.</summary>
    public string Name { get; }

    /// <summary>Whether nobody started it: it runs a coroutine that code of another builder (<c>async Task</c>, an asynchronous iterator) awaits.</summary>
    public bool IsImplicit { get; }

    /// <summary>The methods that it is in, the outermost first, each of which awaits the next; none of the task that runs now.</summary>
    /// <remarks>
    /// Of an implicit task the first ones are those of the foreign code that awaits it. Coroutines that are Heddle's own inner business are left out.
    /// </remarks>
    public IReadOnlyList<string> Frames { get; }

    /// <summary>What it waits for, in words.</summary>
    public string WaitsFor { get; }

    /// <summary>For how long it has waited for that, by the loop's clock; null when that is not known, because debug mode is off.</summary>
    public TimeSpan? Waiting { get; }

    /// <summary>The tasks that this one holds up: those of its groups, those that run what its foreign awaits wait for, and that which it awaits.</summary>
    /// <remarks>A task that several await stands below the first of them.</remarks>
    public IReadOnlyList<TaskSnapshot> Tasks => _tasks;

    /// <summary>Its name, its methods, and what it waits for, on one line.</summary>
    public override string ToString()
    {
        var frames = Frames.Count <= MostFrames
            ? string.Join(" › ", Frames)
            : string.Join(" › ", [.. Frames.Take(MostFrames / 2), $"… {Frames.Count - MostFrames} more …", .. Frames.TakeLast(MostFrames / 2)]);
        var who = IsImplicit && Frames.Count > 0 ? frames
            : Frames.Count > 0 ? $"{Name}: {frames}"
            : Name;
        var duration = Waiting is { } waiting ? string.Create(CultureInfo.InvariantCulture, $" {waiting.TotalSeconds:0.0} s") : "";
        return $"{who} (waits{duration} for {WaitsFor})";
    }

    /// <summary>The task and all below it, each on its line.</summary>
    public string ToTree()
    {
        var text = new StringBuilder().Append(this);

        // With a stack of its own, since one task may await the next for as long as there is memory.
        var left = new Stack<(TaskSnapshot Task, string Branch, string Indent)>();
        PushTasks(this, "");
        while (left.TryPop(out var node))
        {
            text.Append('\n').Append(node.Branch).Append(node.Task);
            PushTasks(node.Task, node.Indent);
        }

        return text.ToString();

        void PushTasks(TaskSnapshot task, string indent)
        {
            for (var i = task.Tasks.Count - 1; i >= 0; i--)
            {
                var isLast = i == task.Tasks.Count - 1;
                left.Push((task.Tasks[i], indent + (isLast ? "└── " : "├── "), indent + (isLast ? "    " : "│   ")));
            }
        }
    }

    internal void Add(TaskSnapshot task) => _tasks.Add(task);
}
