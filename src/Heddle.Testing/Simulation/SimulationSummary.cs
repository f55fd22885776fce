using System.Globalization;

namespace Heddle.Testing;

/// <summary>What a search has looked at that has found nothing.</summary>
public sealed class SimulationSummary
{
    internal SimulationSummary()
    {
    }

    /// <summary>How many runs it made.</summary>
    public int Runs { get; internal init; }

    /// <summary>How many choices those had together.</summary>
    public long Decisions { get; internal init; }

    /// <summary>How long it took, in real time.</summary>
    public TimeSpan Elapsed { get; internal init; }

    /// <summary>All orders with up to so many deviations from first come, first served were tried.</summary>
    public int CompleteUpTo { get; internal init; }

    /// <summary>How far it came with one deviation more, such as "150 of 4,021 orders with 2"; null if no order is left, or none was asked for.</summary>
    public string? Beyond { get; internal init; }

    /// <summary>The names of what was to be true sometimes (<see cref="SimulationWorld.Sometimes"/>) and was in none of the runs.</summary>
    public IReadOnlyList<string> NeverTrue { get; internal init; } = [];

    /// <summary>How often each fault struck, in all runs together, of those that might (<see cref="SimulationWorld.Faults"/>); zero for one that there was no place for.</summary>
    public IReadOnlyDictionary<SimulationFaults, int> Struck { get; internal init; } = new Dictionary<SimulationFaults, int>();

    /// <summary>What reached the program from outside of the simulation, which cannot be ordered, and when first; null if nothing did.</summary>
    public string? FromOutside { get; internal init; }

    /// <summary>What all decisions of all runs come to, and the random numbers and times in them: two searches with the same number have done the same.</summary>
    /// <remarks>So it tells whether another process, or another machine, makes the same runs. If not, <see cref="FirstRun"/> of both shows where they part.</remarks>
    public ulong Hash { get; internal init; }

    /// <summary>The steps of the first run, which is first come, first served: each with its time, its task and the await that it comes from. Empty of a replay.</summary>
    public IEnumerable<string> FirstRun => Trace?.Steps.Select(static step => step.ToString()) ?? [];

    internal Trace? Trace { get; init; }

    /// <summary>All of it, in words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Runs:N0} runs with {Decisions:N0} decisions in {Elapsed.TotalSeconds:0.0} s; ")
        + $"complete up to {CompleteUpTo} deviation{(CompleteUpTo == 1 ? "" : "s")}"
        + (Beyond is null ? "" : $", {Beyond}")
        + (NeverTrue.Count == 0 ? "" : "; never true: " + string.Join(", ", NeverTrue))
        + (Struck.Count == 0 ? "" : "; faults: " + string.Join(", ", Struck.Select(static fault => string.Create(CultureInfo.InvariantCulture, $"{fault.Key} {fault.Value:N0}"))))
        + (FromOutside is null ? "" : $"; from outside: {FromOutside}");
}
