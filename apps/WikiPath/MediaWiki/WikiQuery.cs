using System.Text.Json;
using Heddle;

namespace WikiPath.MediaWiki;

/// <summary>A query with its parameters, run to the end of its continuation.</summary>
sealed class WikiQuery(params (string Name, string Value)[] parameters)
{
    /// <summary>The most titles a request may name.</summary>
    public const int MostTitles = 50;

    readonly Dictionary<string, string> _parameters = parameters.ToDictionary(pair => pair.Name, pair => pair.Value);

    /// <summary>A query of pages; a title with a bar in it does no harm.</summary>
    public static WikiQuery Of(IEnumerable<string> titles, params (string Name, string Value)[] parameters) =>
        new([("titles", Join(titles)), .. parameters]);

    /// <summary>One answer, whether or not it goes on.</summary>
    public Coroutine<JsonDocument> FirstAsync(WikiApi api) => api.CallAsync(_parameters);

    /// <summary>Hands over each answer's <c>query</c>; returns how many requests that took.</summary>
    public async Coroutine<int> RunAsync(WikiApi api, Action<JsonElement> read)
    {
        var next = new Dictionary<string, string>(_parameters);
        for (var requests = 1; ; requests++)
        {
            using var answer = await api.CallAsync(next);
            if (answer.RootElement.TryGetProperty("query", out var query)) read(query);
            if (!answer.RootElement.TryGetProperty("continue", out var rest)) return requests;
            // It goes back as it came, and in place of the last one.
            var following = new Dictionary<string, string>(_parameters);
            foreach (var mark in rest.EnumerateObject()) following[mark.Name] = mark.Value.ToString();
            if (following.Count == next.Count && !following.Except(next).Any())
            {
                throw new WikiException(
                    "The wiki's answer says to go on where it already was. Report this to the wiki's operators.");
            }
            next = following;
        }
    }

    // U+001F in front makes it the divider: then a bar is part of a title, which the wiki calls invalid.
    static string Join(IEnumerable<string> titles)
    {
        var list = titles.ToArray();
        return list.Any(title => title.Contains('|')) ? $"\u001f{string.Join('\u001f', list)}" : string.Join('|', list);
    }
}
