using System.Text.Json;
using System.Text.RegularExpressions;

namespace WikiPath.MediaWiki;

/// <summary>
/// Tells from an answer's warnings what of the question the wiki did not understand. It answers the rest as if nothing
/// were missing: what looks like a page without links may be a page whose links were never looked for.
/// </summary>
static partial class ApiWarnings
{
    static readonly string[] Codes = ["moduledisabled", "unrecognizedvalues", "unrecognizedparams", "toomanyvalues"];

    // The same in the format from before there were codes, which is English on every wiki.
    static readonly string[] Phrases = ["nrecognized", "disabled", "oo many values"];

    // Their values are names of modules; the parameters themselves every wiki knows.
    static readonly string[] NamesOfModules = ["prop", "list", "generator"];

    // Without these an answer is poorer, and not wrong.
    static readonly string[] Dispensable =
        ["pageprops", "ppprop", "converttitles", "prefixsearch", "pssearch", "pslimit"];

    /// <summary>The modules and parameters of a question that an answer does without; dispensable ones left out.</summary>
    public static IReadOnlyList<string> LeftOut(JsonElement answer, IEnumerable<KeyValuePair<string, string>> asked)
    {
        var named = Texts(answer).SelectMany(text => Word().Matches(text)).Select(word => word.Value).ToHashSet();
        if (named.Count == 0) return [];
        var modules = asked.Where(pair => NamesOfModules.Contains(pair.Key)).SelectMany(pair => pair.Value.Split('|'));
        var parameters = asked.Select(pair => pair.Key).Except(NamesOfModules).Append("formatversion");
        // The parameters of a module that is missing are unknown too; its name says it all.
        return NamedOf(modules) is { Count: > 0 } lacking ? lacking : NamedOf(parameters);

        List<string> NamedOf(IEnumerable<string> words) => words.Except(Dispensable).Where(named.Contains).ToList();
    }

    static IEnumerable<string> Texts(JsonElement answer)
    {
        if (!answer.TryGetProperty("warnings", out var warnings)) yield break;
        if (warnings.ValueKind == JsonValueKind.Array)
        {
            foreach (var warning in warnings.EnumerateArray())
            {
                var code = Text(warning, "code");
                if (!Codes.Any(ending => code.EndsWith(ending, StringComparison.Ordinal))) continue;
                yield return $"{Text(warning, "module")} {Text(warning, "text")}";
            }
        }
        else if (warnings.ValueKind == JsonValueKind.Object)
        {
            foreach (var module in warnings.EnumerateObject())
            {
                // The key is a star before formatversion=2. Several warnings of a module are a line each.
                foreach (var line in $"{Text(module.Value, "warnings")}\n{Text(module.Value, "*")}".Split('\n'))
                {
                    if (!Phrases.Any(phrase => line.Contains(phrase, StringComparison.Ordinal))) continue;
                    yield return $"{module.Name} {line}";
                }
            }
        }
    }

    static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : "";

    [GeneratedRegex("[a-z]+")]
    private static partial Regex Word();
}
