using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>What a run knows of a task. The objects serve one run after the other.</summary>
internal sealed class SimulatedTask
{
    private readonly Dictionary<string, int> _occurrences = [];
    private readonly Dictionary<string, int> _childrenByLabel = [];
    private string? _path;
    private int _children;

    /// <summary>The task that it has started last.</summary>
    internal SimulatedTask? LastStart;

    internal LoopTask Task { get; private set; } = null!;

    /// <summary>The task in whose step this one was first seen; null where that was in none.</summary>
    internal SimulatedTask? Starter { get; private set; }

    /// <summary>The machine that it runs on; null for the test's own.</summary>
    internal SimulatedHost? Host { get; private set; }

    /// <summary>The child process that it belongs to; null for what is none's.</summary>
    internal SimulatedProcess? Process { get; private set; }

    /// <summary>Whether a fault cancels it, after a step.</summary>
    internal Choice? CancelChoice { get; set; }

    /// <summary>Counted from 0 in the order in which they are first seen, which is that of their starts.</summary>
    internal int Ordinal { get; private set; }

    /// <summary>Whether it has had its first turn.</summary>
    internal bool HasBegun { get; set; }

    /// <summary>Whether it is a flow of <see cref="System.Threading.Tasks.Task"/> code, which cannot be cancelled from outside.</summary>
    internal bool IsFlow { get; set; }

    /// <summary>Whether it is a piece of work for the thread pool.</summary>
    internal bool IsOfPool { get; set; }

    /// <summary>What the same task started next, if that was before this one had begun.</summary>
    internal SimulatedTask? NextStart { get; set; }

    /// <summary>The how-manieth it was, of all that became ready, when it did so last.</summary>
    internal int Since { get; set; }

    /// <summary>For strategies that have one.</summary>
    internal int Priority { get; set; }

    /// <summary>Whether it became ready by time or from outside, and not by the step of a task: then another moment would have been possible.</summary>
    internal bool HasArrived { get; set; }

    /// <summary>What its random numbers are its own by: where it stands in the tree of starts.</summary>
    internal ulong Branch { get; private set; }

    /// <summary>How many random numbers it has drawn.</summary>
    internal ulong Draws { get; set; }

    /// <summary>Of a traced run: the await at which it became ready last.</summary>
    internal AwaitSite? Site { get; private set; }

    /// <summary>Of a traced run: what names this turn of it, whatever else the program does.</summary>
    internal string Entry { get; private set; } = "";

    /// <summary>Of a traced run: its last step.</summary>
    internal TracedStep? LastStep { get; set; }

    /// <summary>Its name, or if it has none the method that it runs, with a number where the same task has started several alike.</summary>
    internal string Label { get; private set; } = "";

    /// <summary>Its label after those of whoever started it, with a number where one has started several alike.</summary>
    internal string Path
    {
        get
        {
            if (_path is null)
            {
                Label = LabelOf(Task);
                var label = Recording.Escape(Label);
                var count = Starter is { } starter ? starter.CountChild(label) : 1;
                var number = count > 1 ? $"*{count}" : "";
                _path = (Starter is null ? "" : Starter.Path + "/") + label + number;
                Label += number;
            }

            return _path;
        }
    }

    internal void Reset(LoopTask task, SimulatedTask? starter, int ordinal)
    {
        Task = task;
        Starter = starter;
        Host = SimulatedHost.Current;
        Process = SimulatedProcess.Current;
        CancelChoice = null;
        Ordinal = ordinal;
        HasBegun = false;
        IsFlow = false;
        IsOfPool = false;
        NextStart = null;
        LastStart = null;
        Priority = 0;
        Draws = 0;
        Site = null;
        Entry = "";
        LastStep = null;
        Label = "";
        _path = null;
        _children = 0;
        Branch = starter is null ? SplitMix.Of((ulong)ordinal) : SplitMix.Of(starter.Branch + (ulong)++starter._children);
        if (_occurrences.Count > 0)
        {
            _occurrences.Clear();
        }

        if (_childrenByLabel.Count > 0)
        {
            _childrenByLabel.Clear();
        }
    }

    internal void Forget()
    {
        Task = null!;
        Starter = null;
        Host = null;
        Process = null;
    }

    /// <summary>It became ready: names the turn that it is to have.</summary>
    /// <param name="startOfBody">Where the main task begins.</param>
    internal void NameEntry(AwaitSite startOfBody)
    {
        Site = Ordinal == 0 && !HasBegun ? startOfBody : AwaitSites.Of(Task);
        var site = $"{Path}@{Site.Name}";
        _occurrences[site] = _occurrences.TryGetValue(site, out var seen) ? seen + 1 : 1;
        Entry = $"{site}#{_occurrences[site]}";
    }

    private int CountChild(string label) => _childrenByLabel[label] = _childrenByLabel.TryGetValue(label, out var count) ? count + 1 : 1;

    private static string LabelOf(LoopTask task)
        => task.Name != $"task-{task.Id}" ? task.Name
            : task.Coroutines is { Count: > 0 } stack ? AwaitSites.ShortName(stack[^1].Method)
            : "task";
}
