namespace WikiPath.Search;

/// <summary>
/// Asks whether any page of the forward frontier links to one of the backward frontier. That is cheap where both are
/// small and one of them has more links than anyone would read; and it settles the next level of both.
/// </summary>
sealed class Crossing
{
    // A page has some more names, its redirects, and they must be asked for first.
    const double NamesATarget = 3;

    readonly TitleTable _titles;
    readonly int[][] _sources;
    readonly int[][] _targets;
    readonly List<(int Source, int Target)> _links = [];
    int _asked;
    int _answered;
    int _requests;

    public Crossing(IEnumerable<int> sources, IEnumerable<int> targets, TitleTable titles)
    {
        _titles = titles;
        _sources = sources.Chunk(BidirectionalSearch.BatchSize).ToArray();
        _targets = targets.Chunk(BidirectionalSearch.BatchSize).ToArray();
    }

    public IReadOnlyList<(int Source, int Target)> Links => _links;

    public bool CanAsk => _asked < Questions;

    public bool IsComplete => _answered == Questions;

    public double Cost => (Questions - _answered) * (_answered == 0 ? 2 : (double)_requests / _answered);

    int Questions => _sources.Length * _targets.Length;

    public static double CostOf(int sources, int targets) =>
        Math.Ceiling(sources / (double)BidirectionalSearch.BatchSize)
            * Math.Ceiling(targets * NamesATarget / BidirectionalSearch.BatchSize)
        + Math.Ceiling(targets / (double)BidirectionalSearch.BatchSize);

    public CrossingQuestion Ask()
    {
        var (target, source) = Math.DivRem(_asked++, _sources.Length);
        return new CrossingQuestion(this, _sources[source], _targets[target], _titles);
    }

    public void Add(int source, int target) => _links.Add((source, target));

    public void Answer(int requests)
    {
        _answered++;
        _requests += requests;
    }
}
