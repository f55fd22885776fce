using Heddle;
using WikiPath.Search;

namespace WikiPath.MediaWiki;

/// <summary>Reads the links of a wiki through its API.</summary>
public sealed class WikiLinkSource(WikiApi api) : ILinkSource
{
    readonly KnownTitles _known = new();
    readonly LinkCrossings _crossings = new(api);

    public ILinkReader Open(Direction direction, IReadOnlyList<string> articles) =>
        direction == Direction.Forward ? new ForwardLinks(api, _known, articles) : new BackwardLinks(api, articles);

    public Coroutine<Crossings> CrossAsync(IReadOnlyList<string> sources, IReadOnlyList<string> targets) =>
        _crossings.ReadAsync(sources, targets);
}
