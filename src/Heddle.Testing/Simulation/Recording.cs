using System.Globalization;
using System.Text;

namespace Heddle.Testing;

/// <summary>One choice other than first come, first served.</summary>
/// <param name="Entry">The turn of a task: its path, the await at which it became ready, and the how-manieth time.</param>
/// <param name="Before">The turn that would have been next; null if the first one is held back, until nothing else is ready.</param>
internal sealed record Deviation(string Entry, string? Before)
{
    public override string ToString() => Before is null ? $"hold {Entry}" : $"{Entry} before {Before}";
}

/// <summary>What a run decided otherwise than first come, first served, by names and not by numbers of decisions: so it outlives edits elsewhere.</summary>
/// <param name="Seed">Of what the program draws from <see cref="SimulationWorld.Random"/>.</param>
/// <param name="Deviations">In the order in which they happened.</param>
internal sealed record Recording(ulong Seed, IReadOnlyList<Deviation> Deviations)
{
    private const string Fifo = "fifo";
    private const string Draws = "draws ";

    public override string ToString()
        => string.Join("; ", (Deviations.Count == 0 ? [Fifo] : Deviations.Select(static deviation => deviation.ToString()))
            .Concat(Seed == 1 ? [] : [Draws + Seed.ToString(CultureInfo.InvariantCulture)]));

    /// <exception cref="FormatException">It is no recording.</exception>
    internal static Recording Parse(string text)
    {
        ulong seed = 1;
        var deviations = new List<Deviation>();
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case [Fifo]:
                    break;
                case ["draws", var number] when ulong.TryParse(number, CultureInfo.InvariantCulture, out var parsed):
                    seed = parsed;
                    break;
                case ["hold", var entry]:
                    deviations.Add(new(entry, null));
                    break;
                case [var entry, "before", var before]:
                    deviations.Add(new(entry, before));
                    break;
                default:
                    throw new FormatException(
                        $"'{part}' is no part of a recording. A recording is what a failed simulation prints, such as "
                        + "'hold main/ann@Bank.PayAsync>Coroutine.Yield#1'; a number alone is a seed.");
            }
        }

        return new(seed, deviations);
    }

    /// <summary>Without what separates the parts of a recording, and without what a shell would take for its own.</summary>
    internal static string Escape(string name)
    {
        var text = new StringBuilder();
        foreach (var character in name)
        {
            if (character is ' ' or ';' or '@' or '#' or '%' or '\'' or '"' or '$' or '`' or '\\' or '/' or < ' ')
            {
                text.Append('%').Append(((int)character).ToString("X2", CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(character);
            }
        }

        return text.ToString();
    }
}

/// <summary>First come, first served but for the deviations of a recording. The run has to be traced, as these go by names.</summary>
internal sealed class RecordedStrategy(Recording recording) : Strategy
{
    private readonly HashSet<string> _holds = [];
    private readonly Dictionary<string, List<string>> _before = [];

    internal override void Begin(SimulationRun run)
    {
        _holds.Clear();
        _before.Clear();
        foreach (var (entry, before) in recording.Deviations)
        {
            if (before is null)
            {
                _holds.Add(entry);
            }
            else if (_before.TryGetValue(before, out var entries))
            {
                entries.Add(entry);
            }
            else
            {
                _before.Add(before, [entry]);
            }
        }
    }

    internal override int ChooseTurn(ReadyTasks ready)
    {
        var first = ready[0].Entry;
        if (_holds.Contains(first))
        {
            return ready.Count;
        }

        if (_before.TryGetValue(first, out var entries))
        {
            for (var next = 0; next < entries.Count; next++)
            {
                for (var i = 1; i < ready.Count; i++)
                {
                    if (ready[i].Entry == entries[next])
                    {
                        entries.RemoveRange(0, next + 1);
                        return i;
                    }
                }
            }
        }

        return 0;
    }

    public override string ToString() => "a recording";
}
