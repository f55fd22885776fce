using System.Runtime.InteropServices;

namespace WikiPath.Search;

/// <summary>
/// One side's levels. Each page knows all its parents: every page one level nearer to this side's root that leads to
/// it.
/// </summary>
sealed class SearchSide
{
    readonly List<Page> _pages = [];
    readonly List<(int Parent, int Next)> _parents = [];
    List<int> _next = [];

    public SearchSide(int root)
    {
        Find(root).Level = 0;
        Frontier = [root];
    }

    /// <summary>The pages of the last complete level.</summary>
    public List<int> Frontier { get; private set; }

    public int Depth { get; private set; }

    public int Visited { get; private set; } = 1;

    public bool Contains(int id) => id < _pages.Count && _pages[id].Level >= 0;

    /// <summary>Marks a page of the frontier as read; false if it is none, or was read before.</summary>
    public bool TryRead(int id)
    {
        if (!Contains(id) || _pages[id].Level != Depth || _pages[id].IsRead) return false;
        Find(id).IsRead = true;
        return true;
    }

    public void AddChild(int parent, int child)
    {
        ref var page = ref Find(child);
        if (page.Level < 0)
        {
            page.Level = Depth + 1;
            _next.Add(child);
            Visited++;
        }
        else if (page.Level <= Depth || _parents[page.FirstParent].Parent == parent)
        {
            return;     // nearer to the root already, or a neighbour named twice
        }
        _parents.Add((parent, page.FirstParent));
        page.FirstParent = _parents.Count - 1;
    }

    public void CompleteLevel()
    {
        Frontier = _next;
        _next = [];
        Depth++;
    }

    public IEnumerable<int> ParentsOf(int id)
    {
        for (var edge = _pages[id].FirstParent; edge >= 0; edge = _parents[edge].Next)
        {
            yield return _parents[edge].Parent;
        }
    }

    ref Page Find(int id)
    {
        while (_pages.Count <= id) _pages.Add(new Page());
        return ref CollectionsMarshal.AsSpan(_pages)[id];
    }

    struct Page()
    {
        public int Level = -1;
        public int FirstParent = -1;
        public bool IsRead;
    }
}
