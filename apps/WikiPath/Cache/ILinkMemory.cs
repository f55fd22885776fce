using Heddle;
using WikiPath.Search;

namespace WikiPath.Cache;

/// <summary>Remembers from one search to the next what pages link to, and what links to them.</summary>
public interface ILinkMemory
{
    /// <summary>All neighbours of those of the titles that are remembered.</summary>
    Coroutine<IReadOnlyDictionary<string, IReadOnlyCollection<string>>> RecallAsync(
        Direction direction, IReadOnlyList<string> titles);

    /// <summary>Keeps all neighbours of a page. Never waits.</summary>
    void Remember(Direction direction, string title, IReadOnlyCollection<string> neighbours);
}
