using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Heddle.Testing;

/// <summary>What is said of a run that has failed.</summary>
/// <param name="search">Which found it.</param>
/// <param name="failure">What was wrong.</param>
/// <param name="recording">By which it can be run again; null if only its seed gives it.</param>
/// <param name="trace">Its steps.</param>
/// <param name="foundBy">The strategy, in words.</param>
/// <param name="seed">Null if it has none.</param>
/// <param name="arrivalRuns">In so many runs in first come, first served order things arrived at other moments, and none of them failed so.</param>
internal sealed class FailureReport(
    Explorer search, SimulationFailure failure, Recording? recording, Trace trace, string foundBy, ulong? seed, int arrivalRuns = 0)
{
    private const int MostDeviations = 12;
    private const int MostFurtherRuns = 200;

    private static readonly TimeSpan s_furtherTime = TimeSpan.FromSeconds(1);

    internal SimulationFailedException ToException()
    {
        var found = search.Runs;
        var text = new StringBuilder(failure.Message).Append("\n\n");
        var what = recording?.ToString() ?? seed?.ToString(CultureInfo.InvariantCulture) ?? Simulation.Variable;
        text.Append(CultureInfo.InvariantCulture, $"Found in run {found:N0} of at most {search.Options.Runs:N0}, by {foundBy}");
        text.Append(seed is { } number ? $", seed {number}" : "").Append(".\n");
        text.Append("This run alone, with nothing changed in the code:\n");
        text.Append($"  {Simulation.Variable}='{what}' dotnet test\n");
        text.Append("This run alone, in a test that keeps the bug from coming back:\n");
        var replay = search.Run.HasTaskCode ? nameof(Simulation.ReplayTasks) : nameof(Simulation.Replay);
        text.Append(recording is null ? $"  Simulation.{replay}({what}, …)\n" : $"  Simulation.{replay}(\"{what}\", …)\n");
        text.Append('\n');
        AppendOrder(text);
        text.Append('\n').Append(StepTable.Of(trace.Steps)).Append('\n');
        if (failure.State is { Length: > 0 } state)
        {
            text.Append("The tasks as they stood:\n");
            foreach (var line in state.Split('\n'))
            {
                text.Append("  ").Append(line).Append('\n');
            }

            text.Append('\n');
        }

        AppendWhetherFifoGivesIt(text);
        if (!search.IsReplay)
        {
            AppendBelief(text);
        }

        if (search.Properties.NeverTrue is { Count: > 0 } never)
        {
            text.Append($"Never true so far: {string.Join(", ", never.Select(static name => $"\"{name}\""))}.\n");
        }

        if (search.NeverStruck.ToArray() is { Length: > 0 } neverStruck)
        {
            text.Append($"Faults that never struck so far: {string.Join(", ", neverStruck)}.\n");
        }

        if (search.FromOutside is { } outside)
        {
            text.Append($"From outside of the simulation: {outside}. What comes from there cannot be ordered.\n");
        }

        return new(text.ToString().TrimEnd(), what, seed, found, failure.Exception);
    }

    /// <summary>Others take part in the program, and nothing says when.</summary>
    internal static SimulationFailedException FromOutside(Explorer search)
        => new(
            $"The program is reached from outside of the simulation: {search.FromOutside}. What comes from there comes when it comes, so that no run can be "
            + "repeated for certain. Give the program something else in its tests, such as an answer after a Coroutine.Delay; or allow it "
            + $"({nameof(SimulationOptions)}.{nameof(SimulationOptions.AllowOutside)}), for what makes no difference to the order of steps.",
            "", null, search.Runs, null);

    /// <summary>The same run was made twice, and took two courses.</summary>
    internal static SimulationFailedException NotRepeatable(Explorer search, Trace second, SimulationFailure? failure)
    {
        var text = new StringBuilder("The program does not do the same when the same run is made again, so that no run of it can be repeated.\n\n");
        text.Append("The first difference: ").Append(
            second.Difference ?? "the turns were the same, but not the time, the random numbers, or how it ended").Append(".\n");
        if (search.FromOutside is { } outside)
        {
            text.Append("From outside of the simulation: ").Append(outside).Append(".\n");
        }

        if (failure is not null)
        {
            text.Append("One of the two failed: ").Append(failure.Message).Append('\n');
        }

        text.Append(
            """

            The usual causes, somewhere before that step:
              the real time         DateTime.UtcNow, Stopwatch, Environment.TickCount64: ask EventLoop.Current.Clock
              chance                Random.Shared, new Random(), Guid.NewGuid(): ask SimulationWorld.Random
              an order by hash      a HashSet or Dictionary with objects or strings as keys: sort, or keep a list
              what a run left over  a static field: have the body make all its state anew
              another thread        Task.Run, Parallel, a timer of .NET's, ConfigureAwait(false), a finalizer
              the machine           environment variables, files and their order, time zone, culture, number of processors
            """);
        return new(text.ToString(), "", null, search.Runs, failure?.Exception);
    }

    private void AppendOrder(StringBuilder text)
    {
        var number = 0;
        var deviations = (from step in trace.Steps
                          let row = ++number
                          from deviation in step.Deviations
                          select $"  * step {row}: {deviation}\n")
            .Concat(trace.AtTheEnd.Select(static deviation => $"  * after the last step: {deviation}\n")).ToList();
        text.Append(deviations.Count switch
        {
            0 => "The order of steps, which is first come, first served:\n",
            1 => "The order of steps, which is first come, first served but for this:\n",
            var count => $"The order of steps, which is first come, first served but for these {count}:\n",
        });
        text.AppendJoin("", deviations.Take(MostDeviations));
        if (deviations.Count > MostDeviations)
        {
            text.Append(CultureInfo.InvariantCulture, $"  … and {deviations.Count - MostDeviations:N0} more\n");
        }
    }

    private void AppendWhetherFifoGivesIt(StringBuilder text)
    {
        if (trace.Deviations.Any(static deviation => deviation.Deviation.Value > 0))
        {
            text.Append(trace.Deviations.All(static deviation => deviation.IsByArrival)
                ? "A plain loop, which is first come, first served, does this, too, when such a thing happens to it.\n"
                : "It needs both: what happened to it, and an order that first come, first served does not give as the program stands.\n");
        }
        else if (!trace.Deviations.Any())
        {
            text.Append("A plain loop, which is first come, first served, does this each time.\n");
        }
        else if (OtherArrivals.Give(trace))
        {
            text.Append("A plain loop does this, too, when a timer is due, or something arrives, a moment sooner or later.\n");
        }
        else
        {
            text.Append("A plain loop, which is first come, first served, does not do this as the program stands")
                .Append(arrivalRuns == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (as far as {arrivalRuns:N0} runs can tell in which things arrive sooner or later)"))
                .Append(":\none await more, somewhere on the way, and it may.\n");
        }
    }

    /// <summary>From how many further runs fail: how many have to pass after a fix, for it to be chance in one case of a hundred.</summary>
    private void AppendBelief(StringBuilder text)
    {
        var start = Stopwatch.GetTimestamp();
        var failed = 0;
        var runs = 0;
        for (var next = search.Options.FirstSeed + 1_000_000; runs < MostFurtherRuns && Stopwatch.GetElapsedTime(start) < s_furtherTime; runs++, next++)
        {
            failed += search.Run.Execute(search.StrategyOf(next), next)?.Kind == failure.Kind ? 1 : 0;
        }

        // Laplace's rule of succession, so that none of so many is not taken for never.
        var needed = (int)Math.Ceiling(Math.Log(0.01) / Math.Log(1 - Math.Min(0.99, (failed + 1.0) / (runs + 2.0))));
        text.Append(CultureInfo.InvariantCulture, $"Of {runs:N0} further runs with other seeds {failed:N0} failed so: after a fix, {needed:N0} without a failure make it 99 % sure.\n");
    }
}
