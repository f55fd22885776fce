using System.Numerics;

namespace WikiPath.Tests.Search;

/// <summary>The oracle: a breadth-first search from one end that looks at everything, too simple to be wrong.</summary>
static class PlainSearch
{
    public static (int? Distance, BigInteger Count) Run(string from, string to, Func<string, IEnumerable<string>> links)
    {
        var depths = new Dictionary<string, int> { [from] = 0 };
        var counts = new Dictionary<string, BigInteger> { [from] = 1 };
        var queue = new Queue<string>([from]);
        while (queue.TryDequeue(out var page))
        {
            foreach (var next in links(page).ToHashSet())
            {
                if (depths.TryAdd(next, depths[page] + 1))
                {
                    counts[next] = 0;
                    queue.Enqueue(next);
                }
                if (depths[next] == depths[page] + 1) counts[next] += counts[page];
            }
        }
        return depths.TryGetValue(to, out var distance) ? (distance, counts[to]) : (null, 0);
    }
}
