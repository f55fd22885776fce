using Heddle;
using WikiPath.Search;

namespace WikiPath.MediaWiki;

/// <summary>Reads the links of a wiki through its API.</summary>
public sealed class WikiLinkSource(WikiApi api) : ILinkSource
{
    readonly ForwardLinks _forward = new(api);
    readonly BackwardLinks _backward = new(api);

    public int BatchSize => WikiQuery.MostTitles;

    public Coroutine<IReadOnlyDictionary<string, IReadOnlySet<string>>> ReadAsync(
        Direction direction, IReadOnlyList<string> articles) =>
        direction == Direction.Forward ? _forward.ReadAsync(articles) : _backward.ReadAsync(articles);
}
