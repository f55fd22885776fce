using System.Diagnostics;

namespace Heddle.Testing;

/// <summary>Looks for the fewest deviations with which a run still fails alike, by leaving some out and running it again.</summary>
internal sealed class Shrinking(SimulationRun run, string kind, TimeSpan time)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <returns>Null if the run does not fail alike by names.</returns>
    internal Shrunk? Shrink(Recording recording)
    {
        if (Try(recording) is not { } best)
        {
            return null;
        }

        best = Try(recording with { Deviations = [] }) ?? best;
        best = Hold(best);
        for (var count = int.MaxValue; best.Count < count && !IsTimeOver;)
        {
            count = best.Count;
            best = LeaveOut(best);
        }

        return best;
    }

    /// <summary>Tasks that are overtaken again and again were held back once: all of them, or some.</summary>
    private Shrunk Hold(Shrunk best)
    {
        var overtaken = best.Trace.Deviations.SelectMany(static deviation => deviation.Overtaken).CountBy(static entry => entry)
            .OrderByDescending(static pair => pair.Value).ThenBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => pair.Key).ToArray();
        best = Smaller([.. overtaken.Select(static entry => new Deviation(entry, null))], best) ?? best;
        foreach (var entry in overtaken)
        {
            var others = best.Trace.Deviations.Where(deviation => !deviation.Overtaken.Contains(entry)).Select(static deviation => deviation.Deviation).ToArray();
            if (!IsTimeOver && others.Length < best.Count - 1)
            {
                best = Smaller([new(entry, null), .. others], best) ?? best;
            }
        }

        return best;
    }

    /// <summary>Halves first, then quarters, then one by one. After Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", TSE 2002.</summary>
    private Shrunk LeaveOut(Shrunk best)
    {
        for (var size = Math.Max(1, best.Count / 2); size > 0; size /= 2)
        {
            // From the end: what comes late is rather what comes of the failure than what leads to it.
            for (var end = best.Count; end > 0 && !IsTimeOver; end -= size)
            {
                end = Math.Min(end, best.Count);
                var begin = Math.Max(0, end - size);
                var all = best.Recording.Deviations;
                best = Smaller([.. all.Take(begin), .. all.Skip(end)], best) ?? best;
            }
        }

        return best;
    }

    private Shrunk? Smaller(Deviation[] deviations, Shrunk than)
        => Try(than.Recording with { Deviations = deviations }) is { } shrunk && shrunk.Count < than.Count ? shrunk : null;

    /// <returns>The run with what of the deviations came up in it; null if it did not fail alike.</returns>
    private Shrunk? Try(Recording recording)
    {
        var trace = new Trace();
        return run.Execute(new RecordedStrategy(recording), recording.Seed, trace) is { } failure && failure.Kind == kind
            ? new(recording with { Deviations = [.. trace.Deviations.Select(static deviation => deviation.Deviation)] }, failure, trace)
            : null;
    }

    private bool IsTimeOver => time != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(_start) > time;

    internal sealed record Shrunk(Recording Recording, SimulationFailure Failure, Trace Trace)
    {
        internal int Count => Recording.Deviations.Count;
    }
}
