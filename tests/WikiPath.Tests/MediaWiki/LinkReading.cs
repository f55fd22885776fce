using Heddle;
using WikiPath.MediaWiki;
using WikiPath.Search;

namespace WikiPath.Tests.MediaWiki;

static class LinkReading
{
    /// <summary>Every portion of some articles' neighbours, put together; all articles are there.</summary>
    public static async Coroutine<IReadOnlyDictionary<string, IReadOnlySet<string>>> ReadAllAsync(
        this ILinkSource source, Direction direction, IReadOnlyList<string> articles)
    {
        var all = articles.ToDictionary(article => article, _ => new HashSet<string>());
        var reader = source.Open(direction, articles);
        for (var isLast = false; !isLast;)
        {
            var portion = await reader.ReadAsync();
            foreach (var (article, found) in portion.Neighbours) all[article].UnionWith(found);
            isLast = portion.IsLast;
        }
        return all.ToDictionary(page => page.Key, IReadOnlySet<string> (page) => page.Value);
    }
}
