using System.Text.Json.Nodes;

namespace WikiPath.Sample;

/// <summary>The pages that a call's titles stand for, and what the answer says about how they were found.</summary>
sealed class TitleSet
{
    readonly WikiContent _wiki;
    readonly bool _followRedirects;
    readonly Dictionary<string, JsonObject> _answers = new(StringComparer.Ordinal);
    readonly JsonArray _normalized = [];
    readonly JsonArray _redirects = [];
    readonly HashSet<string> _followed = new(StringComparer.Ordinal);

    public TitleSet(WikiContent wiki, IEnumerable<string> titles, bool followRedirects)
    {
        _wiki = wiki;
        _followRedirects = followRedirects;
        foreach (var title in titles) Add(title);
    }

    /// <summary>The pages' part of the answer, each once.</summary>
    public IReadOnlyDictionary<string, JsonObject> Answers => _answers;

    /// <summary>The pages that exist.</summary>
    public IEnumerable<WikiPage> Pages => _answers.Keys.Select(_wiki.Find).OfType<WikiPage>();

    public void WriteTo(JsonObject query)
    {
        if (_normalized.Count > 0) query["normalized"] = _normalized;
        if (_redirects.Count > 0) query["redirects"] = _redirects;
        if (_answers.Count > 0) query["pages"] = new JsonArray([.. _answers.Values]);
    }

    void Add(string text)
    {
        var composed = Composition.Compose(text);
        if (PageTitle.Normalize(composed) is not { } title)
        {
            _answers.TryAdd(text, new JsonObject
            {
                ["title"] = text,
                ["invalidreason"] = new JsonObject
                {
                    ["code"] = "title-invalid",
                    ["text"] = $"The requested page title is invalid: \"{text}\".",
                },
                ["invalid"] = true,
            });
            return;
        }
        if (title != text)
        {
            var isEncoded = composed != text;
            _normalized.Add(new JsonObject
            {
                ["fromencoded"] = isEncoded,
                ["from"] = isEncoded ? Uri.EscapeDataString(text) : text,
                ["to"] = title,
            });
        }
        while (_followRedirects && _wiki.Find(title)?.RedirectsTo is { } target)
        {
            if (!_followed.Add(title)) return;      // followed before; in a circle there is no page at the end
            _redirects.Add(new JsonObject { ["from"] = title, ["to"] = target });
            title = target;
        }
        var page = _wiki.Find(title);
        _answers.TryAdd(title, page is null
            ? new JsonObject { ["ns"] = 0, ["title"] = title, ["missing"] = true }
            : new JsonObject { ["pageid"] = page.Id, ["ns"] = 0, ["title"] = title });
    }
}
