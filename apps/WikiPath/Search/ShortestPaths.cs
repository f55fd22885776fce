using System.Numerics;

namespace WikiPath.Search;

/// <summary>All shortest paths between two articles, as the graph they make together.</summary>
public sealed class ShortestPaths
{
    // One level a step; a page's successors are those of the next level that lie on a shortest path, sorted.
    readonly Dictionary<string, string[]>[] _levels;
    readonly string _from;

    ShortestPaths(string from, Dictionary<string, string[]>[] levels)
    {
        _from = from;
        _levels = levels;
        Count = CountPaths();
    }

    /// <summary>The number of links on each path.</summary>
    public int Distance => _levels.Length;

    /// <summary>How many shortest paths there are.</summary>
    public BigInteger Count { get; }

    /// <summary>The paths in ordinal order of their titles; taken one by one, however many there are.</summary>
    public IEnumerable<IReadOnlyList<string>> Enumerate()
    {
        var choices = new int[Distance];
        var path = new string[Distance + 1];
        path[0] = _from;
        for (var changed = 0; changed >= 0; changed = Advance(choices, path))
        {
            for (var level = changed; level < Distance; level++)
            {
                path[level + 1] = _levels[level][path[level]][choices[level]];
            }
            yield return path.ToArray();
        }
    }

    internal static ShortestPaths Through(List<int> meeting, SearchSide forward, SearchSide backward, TitleTable titles)
    {
        var levels = new Dictionary<string, string[]>[forward.Depth + backward.Depth];
        var layer = meeting;
        for (var level = forward.Depth - 1; level >= 0; level--)
        {
            var edges = Edges(layer, forward).Select(edge => (From: edge.Parent, To: edge.Child)).ToList();
            levels[level] = Successors(edges, titles);
            layer = edges.Select(edge => edge.From).Distinct().ToList();
        }
        var from = layer;
        layer = meeting;
        for (var level = forward.Depth; level < levels.Length; level++)
        {
            var edges = Edges(layer, backward).Select(edge => (From: edge.Child, To: edge.Parent)).ToList();
            levels[level] = Successors(edges, titles);
            layer = edges.Select(edge => edge.To).Distinct().ToList();
        }
        return new ShortestPaths(titles[from.Single()], levels);
    }

    static IEnumerable<(int Parent, int Child)> Edges(IEnumerable<int> children, SearchSide side) =>
        children.SelectMany(child => side.ParentsOf(child).Select(parent => (parent, child)));

    static Dictionary<string, string[]> Successors(IEnumerable<(int From, int To)> edges, TitleTable titles) =>
        edges.GroupBy(edge => edge.From, edge => titles[edge.To])
            .ToDictionary(group => titles[group.Key], group => group.Order(StringComparer.Ordinal).ToArray());

    // Sets the choices to the next path in order; returns the first level that changed, or -1 after the last path.
    int Advance(int[] choices, string[] path)
    {
        for (var level = Distance - 1; level >= 0; level--)
        {
            if (++choices[level] < _levels[level][path[level]].Length) return level;
            choices[level] = 0;
        }
        return -1;
    }

    BigInteger CountPaths()
    {
        var counts = new Dictionary<string, BigInteger>();
        for (var level = Distance - 1; level >= 0; level--)
        {
            counts = _levels[level].ToDictionary(
                page => page.Key,
                page => page.Value.Aggregate(
                    BigInteger.Zero, (sum, next) => sum + counts.GetValueOrDefault(next, BigInteger.One)));
        }
        return counts.GetValueOrDefault(_from, BigInteger.One);
    }
}
