using System.Globalization;
using System.Numerics;
using Spectre.Console;

namespace WikiPath.Cli;

/// <summary>Writes an answer for a program, for a pipe, or for a person.</summary>
static class AnswerWriter
{
    // Below this a line of Spectre's has no room for a word.
    const int NarrowestTerminal = 20;

    public static void Write(Answer answer, bool json, CliHost host)
    {
        if (json) AnswerJson.Write(answer, host.Out);
        else if (answer.Paths is null) host.Error.WriteLine(NoPath(answer));
        else if (host.OutIsTerminal) WriteForPerson(answer, host);
        else WriteLines(answer, host);
    }

    static void WriteLines(Answer answer, CliHost host)
    {
        foreach (var path in answer.Shown) host.Out.WriteLine(string.Join(" -> ", path));
        if (More(answer) is { } more) host.Error.WriteLine($"wikipath: {more}");
    }

    static void WriteForPerson(Answer answer, CliHost host)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(host.Out),
            Ansi = host.Colors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = host.Colors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = Math.Max(host.Width(), NarrowestTerminal);
        console.Profile.Capabilities.Unicode = true;
        console.Write(PathPicture.Of(answer.Shown));
        console.WriteLine();
        if (More(answer) is { } more) console.MarkupLineInterpolated($"{more}");
        console.MarkupLineInterpolated(
            $"[grey]{Count(answer.Paths!.Distance, "link")}, {Count(answer.Paths.Count, "shortest path")}; {Effort(answer)}[/]");
    }

    static string? More(Answer answer) => answer.Paths!.Count == answer.Shown.Count ? null
        : $"{Number(answer.Shown.Count)} of {Number(answer.Paths.Count)} shortest paths are shown; "
            + "--paths N shows more.";

    static string NoPath(Answer answer) =>
        $"No path leads from '{answer.From}' to '{answer.To}' on {answer.Wiki}: {Effort(answer)}.";

    static string Effort(Answer answer)
    {
        var recalled = answer.PagesRecalled > 0 ? $" ({Number(answer.PagesRecalled)} from the cache)" : "";
        return $"{Count(answer.Requests, "request")}, {Count(answer.Pages, "page")} read{recalled}, "
            + string.Create(CultureInfo.InvariantCulture, $"{answer.Elapsed.TotalSeconds:0.00} s");
    }

    static string Count(BigInteger number, string what) => $"{Number(number)} {what}{(number.IsOne ? "" : "s")}";

    static string Number(BigInteger number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
