using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WikiPath.Cli;

/// <summary>An answer as one JSON object; docs/wikipath.md says what stands in it.</summary>
static class AnswerJson
{
    static readonly JsonWriterOptions Options =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Answer answer, TextWriter output)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("from", answer.From);
            json.WriteString("to", answer.To);
            json.WriteString("wiki", answer.Wiki);
            if (answer.Paths is null) json.WriteNull("distance");
            else json.WriteNumber("distance", answer.Paths.Distance);
            // All its digits, however many: JSON sets no limit to a number.
            json.WritePropertyName("pathCount");
            json.WriteRawValue((answer.Paths?.Count ?? 0).ToString(CultureInfo.InvariantCulture));
            json.WriteStartArray("paths");
            foreach (var path in answer.Shown)
            {
                json.WriteStartArray();
                foreach (var title in path) json.WriteStringValue(title);
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
}
