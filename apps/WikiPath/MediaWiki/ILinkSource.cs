using Heddle;
using WikiPath.Search;

namespace WikiPath.MediaWiki;

/// <summary>Reads what articles link to, and what links to them.</summary>
public interface ILinkSource
{
    /// <summary>How many articles one call may name.</summary>
    int BatchSize { get; }

    /// <summary>
    /// For each article its neighbours in a direction: articles too, redirects resolved, missing pages dropped.
    /// </summary>
    Coroutine<IReadOnlyDictionary<string, IReadOnlySet<string>>> ReadAsync(
        Direction direction, IReadOnlyList<string> articles);
}
