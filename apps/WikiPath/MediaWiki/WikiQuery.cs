using System.Text.Json;
using Heddle;

namespace WikiPath.MediaWiki;

/// <summary>A query with its parameters, and how far its continuation has come.</summary>
sealed class WikiQuery
{
    /// <summary>The most titles a request may name.</summary>
    public const int MostTitles = 50;

    readonly Dictionary<string, string> _parameters;
    readonly HashSet<string> _marks = [""];     // where it has been
    Dictionary<string, string>? _next;

    public WikiQuery(params (string Name, string Value)[] parameters)
    {
        _parameters = parameters.ToDictionary(pair => pair.Name, pair => pair.Value);
        _next = _parameters;
    }

    /// <summary>Whether the last answer was the last one.</summary>
    public bool IsOver => _next is null;

    /// <summary>A query of pages; a title with a bar in it does no harm.</summary>
    public static WikiQuery Of(IEnumerable<string> titles, params (string Name, string Value)[] parameters) =>
        new([("titles", Join(titles)), .. parameters]);

    /// <summary>One request: hands over its answer's <c>query</c>, if it has one.</summary>
    public async Coroutine ReadNextAsync(WikiApi api, Action<JsonElement> read)
    {
        var asked = _next ?? throw new InvalidOperationException("The query is over.");
        using var answer = await api.CallAsync(asked);
        Check(api, answer.RootElement, asked);
        if (answer.RootElement.TryGetProperty("query", out var query)) read(query);
        _next = Following(api, answer.RootElement);
    }

    /// <summary>All requests to the end; returns how many that were.</summary>
    public async Coroutine<int> RunAsync(WikiApi api, Action<JsonElement> read)
    {
        var requests = 0;
        for (; !IsOver; requests++) await ReadNextAsync(api, read);
        return requests;
    }

    /// <summary>
    /// A list for a parameter. U+001F in front makes it the divider: then a bar is part of a title, and makes it invalid.
    /// </summary>
    public static string Join(IEnumerable<string> titles)
    {
        var list = titles.ToArray();
        return list.Any(title => title.Contains('|')) ? $"\u001f{string.Join('\u001f', list)}" : string.Join('|', list);
    }

    static void Check(WikiApi api, JsonElement answer, Dictionary<string, string> asked)
    {
        // "query-continue" is how wikis go on that do not know "continue" unless they are asked for it.
        var lacking = answer.TryGetProperty("query-continue", out _) ? ["continue"] : ApiWarnings.LeftOut(answer, asked);
        if (lacking.Count == 0) return;
        var names = string.Join(", ", lacking.Select(name => $"'{name}'"));
        var cause = lacking.Contains("formatversion") || lacking.Contains("continue")
            ? "This MediaWiki is too old: 1.26 is needed."
            : "It is switched off there, or this MediaWiki is too old or set up in an unusual way.";
        throw new WikiLacksException(
            $"{api.Endpoint}: the wiki says that it did not understand {names}, and without it the answer would be "
            + $"wrong. {cause}",
            lacking);
    }

    // What "continue" says goes back as it came, and in place of what it said before.
    Dictionary<string, string>? Following(WikiApi api, JsonElement answer)
    {
        if (!answer.TryGetProperty("continue", out var rest)) return null;
        // JSON lets a name come twice. The last one counts.
        var marks = new Dictionary<string, string>();
        foreach (var mark in rest.EnumerateObject()) marks[mark.Name] = mark.Value.ToString();
        // The same marks get the same answer again, and after it the same marks.
        var place = string.Join('\u001f', marks.OrderBy(mark => mark.Key, StringComparer.Ordinal));
        if (!_marks.Add(place))
        {
            throw new WikiException(
                $"{api.Endpoint}: the wiki's answer says to go on where it already was, which would never end. "
                + "Report this to the wiki's operators.");
        }
        var following = new Dictionary<string, string>(_parameters);
        foreach (var (name, value) in marks) following[name] = value;
        return following;
    }
}
