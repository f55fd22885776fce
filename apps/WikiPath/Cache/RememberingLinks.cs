using Heddle;
using WikiPath.MediaWiki;
using WikiPath.Search;

namespace WikiPath.Cache;

/// <summary>Hands to a memory what was read to its end.</summary>
public sealed class RememberingLinks(ILinkSource links, ILinkMemory memory) : ILinkSource
{
    public ILinkReader Open(Direction direction, IReadOnlyList<string> articles) =>
        new Reader(links.Open(direction, articles), memory, direction, articles);

    public Coroutine<Crossings> CrossAsync(IReadOnlyList<string> sources, IReadOnlyList<string> targets) =>
        links.CrossAsync(sources, targets);

    sealed class Reader(
        ILinkReader inner, ILinkMemory memory, Direction direction, IReadOnlyList<string> articles) : ILinkReader
    {
        readonly Dictionary<string, HashSet<string>> _all =
            articles.ToDictionary(article => article, _ => new HashSet<string>(StringComparer.Ordinal));

        public async Coroutine<LinkPortion> ReadAsync()
        {
            var portion = await inner.ReadAsync();
            foreach (var (article, neighbours) in portion.Neighbours) _all[article].UnionWith(neighbours);
            if (portion.IsLast)
            {
                foreach (var (article, neighbours) in _all) memory.Remember(direction, article, neighbours);
            }
            return portion;
        }
    }
}
