using System.Text.Json;

namespace WikiPath.MediaWiki;

static class JsonReading
{
    /// <summary>The elements of a list that may be absent.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : [];

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    /// <summary>Whether a flag is set; <c>formatversion=2</c> leaves out those that are not.</summary>
    public static bool Flag(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
