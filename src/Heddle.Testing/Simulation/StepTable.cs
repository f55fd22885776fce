using System.Globalization;
using System.Text;

namespace Heddle.Testing;

/// <summary>The steps of a run as text: a row a step, a column a task. Of a long run what led up to deviations and to the end.</summary>
internal static class StepTable
{
    private const int MostRows = 40;
    private const int RowsAround = 2;
    private const int RowsAtEnd = 10;
    private const int MostColumns = 5;
    private const int WidestCell = 44;

    internal static string Of(IReadOnlyList<TracedStep> steps)
    {
        var shown = Shown(steps);
        var columns = Columns(steps, shown);
        var hasTime = shown.Any(i => steps[i].At > TimeSpan.Zero);
        List<string> header = ["step", .. hasTime ? ["time"] : Array.Empty<string>(), .. columns.Select(static column => column.Label)];
        if (shown.Any(i => !columns.Contains((steps[i].Path, steps[i].Label))))
        {
            header.Add("others");
        }

        var rows = new List<List<string>> { header };
        var last = -1;
        foreach (var i in shown)
        {
            if (i > last + 1)
            {
                rows.Add(["…", .. hasTime ? [""] : Array.Empty<string>(), $"({i - last - 1} more)"]);
            }

            last = i;
            rows.Add(Row(i, steps[i], columns, hasTime));
        }

        return Format(rows);
    }

    /// <summary>Which steps, by index.</summary>
    private static List<int> Shown(IReadOnlyList<TracedStep> steps)
    {
        var all = Enumerable.Range(0, steps.Count);
        if (steps.Count <= MostRows)
        {
            return [.. all];
        }

        var deviating = all.Where(i => steps[i].Deviations.Count > 0).Take(MostRows / (2 * RowsAround)).ToArray();
        return [.. all.Where(i => i == 0 || i >= steps.Count - RowsAtEnd || deviating.Any(deviation => Math.Abs(deviation - i) <= RowsAround))];
    }

    /// <summary>The tasks that have a column, in the order of their first step: of many those that deviate, then those that are shown most.</summary>
    private static List<(string Path, string Label)> Columns(IReadOnlyList<TracedStep> steps, List<int> shown)
    {
        var tasks = shown.Select(i => steps[i]).GroupBy(static step => (step.Path, step.Label))
            .Select(static (group, index) => (group.Key, Index: index, Weight: group.Count() + (1000 * group.Sum(static step => step.Deviations.Count)))).ToArray();
        return [.. tasks.OrderByDescending(static task => task.Weight).ThenBy(static task => task.Index).Take(MostColumns).OrderBy(static task => task.Index).Select(static task => task.Key)];
    }

    private static List<string> Row(int index, TracedStep step, List<(string Path, string Label)> columns, bool hasTime)
    {
        var column = columns.IndexOf((step.Path, step.Label));
        var row = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{(step.Deviations.Count > 0 ? "* " : "")}{index + 1}") };
        if (hasTime)
        {
            row.Add(string.Create(CultureInfo.InvariantCulture, $"{step.At.TotalSeconds:0.###} s"));
        }

        row.AddRange(Enumerable.Repeat("", column < 0 ? columns.Count : column));
        row.Add(column < 0 ? $"{step.Label}: {Cell(step)}" : Cell(step));
        return row;
    }

    /// <summary>From which await to which: those are the lines that ran in the step.</summary>
    private static string Cell(TracedStep step)
    {
        var from = step.From.Callee == AwaitSite.Start ? "starts" : step.From.Place is null ? Bare(step.From.Callee) : $":{step.From.Line}";
        var cell = $"{from} → {step.End ?? (step.To is { } to ? Where(to, step.From) : "…")}";
        return cell.Length <= WidestCell ? cell : string.Concat(cell.AsSpan(0, WidestCell - 1), "…");
    }

    private static string Where(AwaitSite site, AwaitSite from)
    {
        var type = (from.IsStartOfBody ? site.Method : from.Method).Split('.')[0] + ".";
        var isSame = site.Method == from.Method || (from.IsStartOfBody && site.Method == type + from.Method);
        var place = (isSame ? "" : site.Method.StartsWith(type, StringComparison.Ordinal) ? site.Method[type.Length..] : site.Method)
            + (site.Place is null ? "" : $":{site.Line}");
        return place.Length == 0 ? Bare(site.Callee) : $"{place} {Bare(site.Callee)}";
    }

    private static string Bare(string callee) => callee[(callee.LastIndexOf('.') + 1)..];

    private static string Format(List<List<string>> rows)
    {
        var widths = Enumerable.Range(0, rows.Max(static row => row.Count))
            .Select(column => rows.Where(row => row.Count > column && row[0] != "…").Select(row => row[column].Length).DefaultIfEmpty(0).Max()).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < rows.Count; i++)
        {
            var line = string.Join(" │ ", rows[i].Select((cell, column) => column == 0 ? cell.PadLeft(widths[0]) : cell.PadRight(widths[column])));
            text.Append("  ").Append(line.TrimEnd()).Append('\n');
            if (i == 0)
            {
                text.Append("  ").AppendJoin("─┼─", widths.Select(static width => new string('─', width))).Append('\n');
            }
        }

        return text.ToString();
    }
}
