namespace WikiPath.Sample;

/// <summary>A page of a wiki in memory: an article, or a redirect when <see cref="RedirectsTo"/> is set.</summary>
public sealed class WikiPage
{
    public required int Id { get; init; }

    public required string Title { get; init; }

    public required IReadOnlyList<string> Links { get; init; }

    public string? RedirectsTo { get; init; }

    public bool IsDisambiguation { get; init; }
}
