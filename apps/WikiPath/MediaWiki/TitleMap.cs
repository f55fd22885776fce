using System.Text.Json;

namespace WikiPath.MediaWiki;

/// <summary>What answers say about titles: how they are spelled, where they redirect, and which pages exist.</summary>
sealed class TitleMap
{
    readonly Dictionary<string, string> _steps = new(StringComparer.Ordinal);
    readonly Dictionary<string, PageFacts> _pages = new(StringComparer.Ordinal);

    public void Read(JsonElement query)
    {
        foreach (var kind in (ReadOnlySpan<string>)["normalized", "converted", "redirects"])
        {
            foreach (var step in query.List(kind)) _steps[From(step)] = step.Text("to");
        }
        foreach (var page in query.List("pages")) _pages[page.Text("title")] = PageFacts.Of(page);
        foreach (var page in query.List("interwiki")) _pages[page.Text("title")] = PageFacts.Elsewhere;
    }

    /// <summary>The title at the end of all steps.</summary>
    public string Follow(string title)
    {
        // A circle of redirects has no end, and its titles no page.
        for (var steps = 0; steps <= _steps.Count && _steps.TryGetValue(title, out var next); steps++) title = next;
        return title;
    }

    // A title whose letters stand in another form than the wiki's, as with their accents apart, would not come through as it
    // was: it comes encoded. This program cannot compose them itself, as it must run where there is no ICU.
    static string From(JsonElement step) =>
        step.Flag("fromencoded") ? Uri.UnescapeDataString(step.Text("from")) : step.Text("from");

    /// <summary>What the wiki says about a title's page, redirects followed; null if it says nothing.</summary>
    public PageFacts? Find(string title) => _pages.TryGetValue(Follow(title), out var page) ? page : null;

    /// <summary>The article that a link's title stands for; null if there is none.</summary>
    public string? Article(string title) => Find(title) is { Problem: null, Namespace: 0 } ? Follow(title) : null;
}

/// <summary>A page as a query describes it; <see cref="Problem"/> says why it cannot be read.</summary>
readonly record struct PageFacts(int Namespace, string? Problem, bool IsDisambiguation)
{
    public static PageFacts Elsewhere => new(0, "is on another wiki", false);

    public static PageFacts Of(JsonElement page)
    {
        var problem = page switch
        {
            _ when page.Flag("missing") => "does not exist",
            _ when page.Flag("invalid") => $"is no title: {Reason(page).TrimEnd('.')}",
            _ when page.Flag("special") => "is a special page",
            _ => null,
        };
        var space = page.TryGetProperty("ns", out var number) ? number.GetInt32() : 0;
        var properties = page.TryGetProperty("pageprops", out var value) ? value : default;
        var isDisambiguation =
            properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty("disambiguation", out _);
        return new PageFacts(space, problem, isDisambiguation);
    }

    // A text in the old error format, an object in those that errorformat chooses.
    static string Reason(JsonElement page) =>
        !page.TryGetProperty("invalidreason", out var reason) ? "the wiki refuses it"
        : reason.ValueKind == JsonValueKind.Object ? reason.Text("text")
        : reason.ToString();
}
