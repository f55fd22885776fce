namespace WikiPath.Search;

/// <summary>
/// A breadth-first search from both ends, as a pure state machine: the caller reads the pages of one frontier, adds
/// what they lead to, and completes the level.
/// </summary>
/// <remarks>
/// The sides meet only when a level is complete, whichever side it was on: the levels then add up to the distance, and
/// every shortest path runs through a page where the two frontiers overlap. So all of them are known, not just one.
/// Titles are those of articles: redirects are resolved and missing pages dropped by whoever adds them.
/// </remarks>
public sealed class BidirectionalSearch
{
    readonly TitleTable _titles = new();
    readonly SearchSide _forward;
    readonly SearchSide _backward;

    public BidirectionalSearch(string from, string to)
    {
        _forward = new SearchSide(_titles.IdOf(from));
        _backward = new SearchSide(_titles.IdOf(to));
        LookForMeeting(_forward, _backward);
    }

    /// <summary>Whether the answer stands: <see cref="Paths"/>, or none.</summary>
    public bool IsOver => Paths is not null || _forward.Frontier.Count == 0 || _backward.Frontier.Count == 0;

    /// <summary>All shortest paths; null while the search goes on, and when there is no path.</summary>
    public ShortestPaths? Paths { get; private set; }

    /// <summary>How many different titles were met, on both sides.</summary>
    public int TitlesMet => _titles.Count;

    /// <summary>How many levels are complete on a side.</summary>
    public int Depth(Direction direction) => Side(direction).Depth;

    /// <summary>How many pages a side's frontier holds.</summary>
    public int FrontierCount(Direction direction) => Side(direction).Frontier.Count;

    /// <summary>The pages to read next on a side.</summary>
    public IReadOnlyList<string> Frontier(Direction direction) =>
        Side(direction).Frontier.ConvertAll(id => _titles[id]);

    /// <summary>
    /// Adds what a page of the frontier leads to: what it links to, or on the way back what links to it.
    /// </summary>
    public void Add(Direction direction, string title, IEnumerable<string> neighbours)
    {
        if (IsOver) throw new InvalidOperationException("The search is over: take its Paths.");
        var side = Side(direction);
        if (!_titles.TryGetId(title, out var parent) || !side.TryRead(parent))
        {
            throw new ArgumentException(
                $"'{title}' is not in the {direction} frontier, or was added before. "
                + $"Add each title of Frontier({direction}) once, spelled as there, before CompleteLevel.", nameof(
                    title));
        }
        foreach (var neighbour in neighbours) side.AddChild(parent, _titles.IdOf(neighbour));
    }

    /// <summary>Ends a side's level: its frontier becomes the pages that were added for the first time.</summary>
    public void CompleteLevel(Direction direction)
    {
        if (IsOver) throw new InvalidOperationException("The search is over: take its Paths.");
        var side = Side(direction);
        side.CompleteLevel();
        LookForMeeting(side, side == _forward ? _backward : _forward);
    }

    // Without a meeting so far, a page that is new on one side can only be in the last level of the other.
    void LookForMeeting(SearchSide side, SearchSide other)
    {
        var meeting = side.Frontier.FindAll(other.Contains);
        if (meeting.Count > 0) Paths = ShortestPaths.Through(meeting, _forward, _backward, _titles);
    }

    SearchSide Side(Direction direction) => direction == Direction.Forward ? _forward : _backward;
}
