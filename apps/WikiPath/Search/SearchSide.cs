namespace WikiPath.Search;

/// <summary>
/// One side's levels. Each page knows all its parents: every page one level nearer to this side's root that leads to
/// it.
/// </summary>
sealed class SearchSide
{
    const int Unmet = -1;
    readonly TitleTable _titles;
    readonly Chunks<Page> _pages = new();
    readonly Chunks<(int Parent, int Next)> _parents = new();
    List<int> _next = [];

    public SearchSide(Direction direction, TitleTable titles, int root, LevelCosts costs)
    {
        _titles = titles;
        Costs = costs;
        Direction = direction;
        Find(root).Level = 0;
        Frontier = [root];
        Level = new Level(this, titles);
    }

    public Direction Direction { get; }

    public LevelCosts Costs { get; }

    /// <summary>The pages of the last complete level, in order.</summary>
    public List<int> Frontier { get; private set; }

    /// <summary>What is being read: the frontier's neighbours.</summary>
    public Level Level { get; private set; }

    /// <summary>The pages that were met in the level being read, in any order.</summary>
    public IReadOnlyList<int> Next => _next;

    public int Depth { get; private set; }

    public bool IsInFrontier(int id) => id < _pages.Count && _pages[id].Level == Depth;

    public bool IsRead(int id) => _pages[id].IsRead;

    /// <summary>Marks a page of the frontier as read to its end; false if it is none, or was before.</summary>
    public bool TryRead(int id)
    {
        if (!IsInFrontier(id) || _pages[id].IsRead) return false;
        _pages[id].IsRead = true;
        return true;
    }

    // A neighbour that is named twice gets two edges: ParentsOf tells them apart later, for the few pages that matter.
    public void AddChild(int parent, int child)
    {
        ref var page = ref Find(child);
        if (page.Level == Unmet)
        {
            page.Level = Depth + 1;
            _next.Add(child);
        }
        else if (page.Level <= Depth || _parents[page.FirstParent].Parent == parent)
        {
            return;     // nearer to the root already, or the same once more
        }
        _parents.Add((parent, page.FirstParent));
        page.FirstParent = _parents.Count - 1;
    }

    // In the order of titles, so that the next run of the same search reads in the same batches.
    public void CompleteLevel()
    {
        _next.Sort(_titles.Compare);
        Frontier = _next;
        _next = [];
        Depth++;
        Level = new Level(this, _titles);
    }

    public IEnumerable<int> ParentsOf(int id)
    {
        var parents = new HashSet<int>();
        for (var edge = _pages[id].FirstParent; edge >= 0; edge = _parents[edge].Next) parents.Add(_parents[edge].Parent);
        return parents;
    }

    ref Page Find(int id)
    {
        while (_pages.Count <= id) _pages.Add(new Page { Level = Unmet, FirstParent = -1 });
        return ref _pages[id];
    }

    struct Page
    {
        int _levelAndRead;

        public int FirstParent;

        public int Level
        {
            readonly get => _levelAndRead >> 1;
            set => _levelAndRead = value << 1;
        }

        public bool IsRead
        {
            readonly get => (_levelAndRead & 1) != 0;
            set => _levelAndRead = (_levelAndRead & ~1) | (value ? 1 : 0);
        }
    }
}
