using System.Globalization;
using System.Text;

namespace Heddle.Testing;

/// <summary>One choice other than first come, first served, or a fault.</summary>
/// <param name="Entry">The turn of a task: its path, the await at which it became ready, and the how-manieth time. Of any other choice its name.</param>
/// <param name="Before">The turn that would have been next; null if the first one is held back, until nothing else is ready.</param>
/// <param name="Value">What was chosen; zero where it is a turn.</param>
internal sealed record Deviation(string Entry, string? Before, int Value = 0)
{
    public override string ToString() => Value > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Entry} is {Value}") : Before is null ? $"hold {Entry}" : $"{Entry} before {Before}";
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
                case [var entry, "is", var number] when int.TryParse(number, CultureInfo.InvariantCulture, out var value) && value > 0:
                    deviations.Add(new(entry, null, value));
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
    private readonly Dictionary<string, int> _values = [];

    internal override void Begin(SimulationRun run)
    {
        _holds.Clear();
        _before.Clear();
        _values.Clear();
        foreach (var (entry, before, value) in recording.Deviations)
        {
            if (value > 0)
            {
                _values[entry] = value;
            }
            else if (before is null)
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

    internal override int Choose(Choice choice, int options)
        => _values.Count > 0 && _values.TryGetValue(choice.Entry, out var value) ? Math.Min(value, options - 1) : 0;

    public override string ToString() => "a recording";
}
