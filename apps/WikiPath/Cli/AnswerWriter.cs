using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace WikiPath.Cli;

/// <summary>Writes an answer for a program, for a pipe, or for a person.</summary>
static class AnswerWriter
{
    static readonly JsonWriterOptions JsonOptions =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Answer answer, bool json, CliHost host)
    {
        if (json) WriteJson(answer, host.Out);
        else if (answer.Path is not { } path) host.Error.WriteLine(NoPath(answer));
        else if (host.OutIsTerminal) WriteForPerson(answer, path, host);
        else host.Out.WriteLine(string.Join(" -> ", path));
    }

    static void WriteJson(Answer answer, TextWriter output)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("from", answer.From);
            json.WriteString("to", answer.To);
            json.WriteString("wiki", answer.Wiki);
            if (answer.Paths is null) json.WriteNull("distance");
            else json.WriteNumber("distance", answer.Paths.Distance);
            json.WriteStartArray("paths");
            if (answer.Path is not null)
            {
                json.WriteStartArray();
                foreach (var title in answer.Path) json.WriteStringValue(title);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteNumber("requests", answer.Requests);
            json.WriteNumber("pages", answer.Pages);
            json.WriteNumber("elapsedMs", (long)answer.Elapsed.TotalMilliseconds);
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    static void WriteForPerson(Answer answer, IReadOnlyList<string> path, CliHost host)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(host.Out),
            Ansi = host.Colors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = host.Colors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        var ends = path.Select(Markup.Escape).ToArray();
        ends[0] = $"[bold]{ends[0]}[/]";
        if (ends.Length > 1) ends[^1] = $"[bold]{ends[^1]}[/]";
        console.MarkupLine(string.Join(" [green]->[/] ", ends));
        console.MarkupLine(
            $"[grey]{Links(answer.Paths!.Distance)}, {answer.Requests} requests, {answer.Pages} pages read, "
            + $"{answer.Elapsed.TotalSeconds:0.00} s[/]");
    }

    static string NoPath(Answer answer) =>
        $"No path leads from '{answer.From}' to '{answer.To}' on {answer.Wiki}: "
        + $"{answer.Requests} requests, {answer.Pages} pages read.";

    static string Links(int distance) => distance == 1 ? "1 link" : $"{distance} links";
}
