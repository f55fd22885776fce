using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>One turn of a task, as a traced run has written it down.</summary>
internal sealed class TracedStep
{
    internal required string Path { get; init; }

    internal required string Label { get; init; }

    /// <summary>What names this turn.</summary>
    internal required string Entry { get; init; }

    /// <summary>The await at which it goes on.</summary>
    internal required AwaitSite From { get; init; }

    /// <summary>In the loop's time.</summary>
    internal required TimeSpan At { get; init; }

    /// <summary>What was decided otherwise than first come, first served for it to have this turn; empty mostly.</summary>
    internal required IReadOnlyList<TracedDeviation> Deviations { get; init; }

    /// <summary>The await that it came to; null if it came to none.</summary>
    internal AwaitSite? To { get; set; }

    /// <summary>How the task ended in it, if it did.</summary>
    internal string? End { get; set; }

    public override string ToString() => $"{At} {Path}, from {From}{(End is null ? "" : $", {End}")}";
}

/// <param name="Deviation">By names, as it is recorded.</param>
/// <param name="Label">The task that went before its time, or was held back.</param>
/// <param name="Site">Where it stood.</param>
/// <param name="BeforeLabel">The one that was ready first; null of one that was held back.</param>
/// <param name="BeforeSite">Where that stood.</param>
/// <param name="Overtaken">The entries that were ready before the one that was taken; of one that was held back its own.</param>
/// <param name="IsByArrival">Whether first come, first served gives the same if what came by time or from outside had come at another moment.</param>
internal sealed record TracedDeviation(
    Deviation Deviation, string Label, AwaitSite Site, string? BeforeLabel, AwaitSite? BeforeSite, IReadOnlyList<string> Overtaken, bool IsByArrival)
{
    /// <summary>Of what is no turn.</summary>
    internal string? Text { get; init; }

    public override string ToString() => Text is not null ? Text : BeforeLabel is null
        ? $"{Label}, at {Site}, is held back until nothing else is ready"
        : $"{Label}, at {Site}, goes before {BeforeLabel}, which was ready first, at {BeforeSite}";
}

/// <summary>Writes down each step of a run, and names it, which costs more than the run itself: only for runs that are to be shown or repeated by names.</summary>
/// <param name="expected">The turns of a run that this one repeats; null if it repeats none.</param>
internal sealed class Trace(Oracle.Turn[]? expected = null)
{
    private readonly List<TracedStep> _steps = [];
    private readonly List<TracedDeviation> _pending = [];
    private SimulationRun _run = null!;

    internal IReadOnlyList<TracedStep> Steps => _steps;

    /// <summary>What was decided after the last step.</summary>
    internal IReadOnlyList<TracedDeviation> AtTheEnd { get; private set; } = [];

    internal IEnumerable<TracedDeviation> Deviations => _steps.SelectMany(static step => step.Deviations).Concat(AtTheEnd);

    /// <summary>Where the run was another than the one that it repeats, in words; null if it was the same.</summary>
    internal string? Difference { get; private set; }

    internal void Begin(SimulationRun run) => _run = run;

    internal void OnReady(SimulatedTask task)
    {
        task.NameEntry(_run.StartOfBody);
        if (task.LastStep is { To: null, End: null } step)
        {
            step.To = task.Site;
        }
    }

    internal void OnChosen(ReadyTasks ready, int choice)
    {
        if (choice == 0)
        {
            return;
        }

        var (taken, first) = (ready[choice], ready[0]);
        var overtakesArrivals = true;
        var overtaken = new string[choice];
        for (var i = 0; i < choice; i++)
        {
            overtakesArrivals &= ready[i].HasArrived;
            overtaken[i] = ready[i].Entry;
        }

        _pending.Add(new(
            new(taken.Entry, first.Entry), taken.Label, taken.Site!, first.Label, first.Site, overtaken, taken.HasArrived || overtakesArrivals));
    }

    internal void OnHeld(SimulatedTask first)
        => _pending.Add(new(new(first.Entry, null), first.Label, first.Site!, null, null, [first.Entry], first.HasArrived));

    /// <summary>Of something else than a turn: it is told with the next one.</summary>
    internal void OnDecided(Choice choice, int value)
        => _pending.Add(new(new(choice.Entry, null, value), "", AwaitSites.None, null, null, [], IsByArrival: true) { Text = choice.Describe(value) });

    internal void OnTurn(SimulatedTask task)
    {
        var step = new TracedStep
        {
            Path = task.Path,
            Label = task.Label,
            Entry = task.Entry,
            From = task.Site!,
            At = new TimeSpan(_run.Clock.Elapsed),
            Deviations = _pending.Count == 0 ? [] : _pending.ToArray(),
        };
        _pending.Clear();
        task.LastStep = step;
        _steps.Add(step);
        if (expected is not null && Difference is null
            && (_steps.Count > expected.Length || expected[_steps.Count - 1] != new Oracle.Turn(task.Ordinal, _run.Oracle.Hash)))
        {
            Difference = Describe(task, _steps.Count <= expected.Length ? expected[_steps.Count - 1].Task : -1);
        }
    }

    internal void OnStepped(SimulatedTask task)
    {
        if (task is { Task.IsCompleted: true, LastStep: { To: null, End: null } step })
        {
            step.End = task.Task.IsFaulted ? "fails" : task.Task.IsCanceled ? "is cancelled" : "ends";
        }
        else if (task.LastStep is { To: null, End: null } last && TaskFlow.Of(task.Task) is { IsInTurn: false } flow)
        {
            last.To = flow.HasEnded ? null : flow.Site;
            last.End = !flow.HasEnded ? null : flow.Method is { IsFaulted: true } ? "fails" : "ends";
        }
    }

    /// <summary>The run has failed, or has ended: what comes now is only winding up.</summary>
    internal void End(SimulationRun run)
    {
        AtTheEnd = _pending.ToArray();
        foreach (var task in run.Ready.All)
        {
            OnStepped(task);
            if (task.LastStep is { To: null, End: null } step)
            {
                if (TaskFlow.Of(task.Task) is { } flow ? !flow.IsInTurn : task.Task.Coroutines.Count > 0)
                {
                    step.To = AwaitSites.Of(task.Task);
                }
                else
                {
                    step.End = "fails here";
                }
            }
        }

        if (expected is not null && Difference is null && _steps.Count < expected.Length && run.Failure is null)
        {
            Difference = $"after step {_steps.Count} the program ended; the first time it went on";
        }
    }

    private string Describe(SimulatedTask task, int ordinal)
    {
        var before = _steps.Count > 1 ? _steps[^2] : null;
        var first = ordinal < 0 ? "the program had ended by then"
            : ordinal == task.Ordinal ? "it was the same turn, but not the same time, random number or number of ready tasks before it"
            : ordinal < _run.Ready.TaskCount ? $"it was the turn of {_run.Ready.All[ordinal].Path}"
            : "it was the turn of a task that was not started this time";
        return $"step {_steps.Count}, at {new TimeSpan(_run.Clock.Elapsed)}, is of {task.Path}, in {task.Site!.Method}"
            + $"{(task.Site.Place is { } place ? $" ({place})" : "")}; the first time {first}"
            + (before is null ? "" : $". The step before was of {before.Path}, from {before.From.Method}{(before.From.Place is { } from ? $" ({from})" : "")}");
    }
}
