namespace WikiPath.Search;

/// <summary>
/// A breadth-first search from both ends, as a pure state machine: it says what to ask next, and is told the answers.
/// </summary>
/// <remarks>
/// The sides meet only when a level is complete, whichever side it was on: the levels then add up to the distance, and
/// every shortest path runs through a page where the two frontiers overlap. So all of them are known, not just one.
/// The side whose next level looks cheaper is read; since the guess is made anew after every answer, a page with a
/// million links is left alone as soon as the other side costs less.
/// Titles are those of articles: redirects are resolved and missing pages dropped by whoever adds them.
/// </remarks>
public sealed class BidirectionalSearch
{
    /// <summary>How many titles a question names at most.</summary>
    public const int BatchSize = 50;

    // A crossing that finds nothing brings the search no further, so it must promise to cost much less.
    const double Misgiving = 2;

    readonly TitleTable _titles = new();
    readonly SearchSide _forward;
    readonly SearchSide _backward;
    Crossing? _crossing;
    bool _crossingMissed;       // at the present depths
    bool _onlyForward;
    bool _neverCross;

    public BidirectionalSearch(string from, string to)
    {
        // What a link leads to must be looked up; what leads to a page comes as what it is.
        var (start, goal) = (_titles.IdOf(from), _titles.IdOf(to));
        _forward = new SearchSide(Direction.Forward, _titles, start, new LevelCosts(30, requestsAnAnswer: 2));
        _backward = new SearchSide(Direction.Backward, _titles, goal, new LevelCosts(30, requestsAnAnswer: 1));
        LookForMeeting(_forward.Frontier);
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

    /// <summary>The pages of a side's frontier that are neither read nor asked about.</summary>
    public IEnumerable<string> Unasked(Direction direction) => Side(direction).Level.UnaskedTitles();

    /// <summary>
    /// What to ask next: the cheapest way on, be it a new question, or one that has more answers. Null when only those
    /// under way can bring the search further.
    /// </summary>
    public Question? Next()
    {
        if (IsOver) return null;
        var side = _onlyForward || _forward.Level.Cost <= _backward.Level.Cost ? _forward : _backward;
        var cost = side.Level.Cost;
        if (_crossing is null && !_crossingMissed && !_neverCross && CrossingIsWorthIt(cost))
        {
            _crossing = new Crossing(_forward.Level.UnreadPages(), _backward.Level.UnreadPages(), _titles);
        }
        if (_crossing is not null && _crossing.Cost <= cost) return _crossing.CanAsk ? _crossing.Ask() : null;
        return side.Level.CanAsk ? side.Level.Ask() : null;
    }

    /// <summary>
    /// Adds some of what a page leads to: what it links to, or on the way back what links to it. Does nothing when the
    /// search is over.
    /// </summary>
    public void Add(LinksQuestion question, string title, IReadOnlyCollection<string> neighbours)
    {
        if (IsOver) return;
        var side = Side(question.Direction);
        if (!_titles.TryGetId(title, out var parent) || !question.Ids.Contains(parent))
        {
            throw new ArgumentException(
                $"'{title}' was not asked about: name pages as the question's Titles do.", nameof(title));
        }
        foreach (var neighbour in neighbours) side.AddChild(parent, _titles.IdOf(neighbour));
        question.Rows += neighbours.Count;
    }

    /// <summary>Ends one answer to a question; after the last one its pages count as read.</summary>
    public void Answered(LinksQuestion question, int requests, bool isComplete)
    {
        if (IsOver) return;
        var side = Side(question.Direction);
        side.Level.Answer(question, isComplete);
        question.Requests += requests;
        if (!isComplete) return;
        foreach (var id in question.Ids) side.TryRead(id);
        side.Costs.Learn(question.Ids.Length, question.Rows);
        CompleteLevelIfRead(side);
    }

    /// <summary>Adds all neighbours of a page that nobody asked about, because they are known already.</summary>
    public void AddKnown(Direction direction, string title, IReadOnlyCollection<string> neighbours)
    {
        if (IsOver) return;
        var side = Side(direction);
        if (!_titles.TryGetId(title, out var parent) || !side.TryRead(parent)) return;
        foreach (var neighbour in neighbours) side.AddChild(parent, _titles.IdOf(neighbour));
        side.Costs.Learn(1, neighbours.Count);
        side.Level.Skip();
        CompleteLevelIfRead(side);
    }

    /// <summary>Adds a link that a question was about.</summary>
    public void Add(CrossingQuestion question, string source, string target) =>
        question.Crossing.Add(_titles.IdOf(source), _titles.IdOf(target));

    /// <summary>Ends the answer to a crossing question.</summary>
    public void Answered(CrossingQuestion question, int requests)
    {
        question.Requests += requests;
        question.Crossing.Answer(requests);
        // One that was begun before a level ended tells nothing about the new frontiers.
        if (!IsOver && question.Crossing == _crossing && _crossing.IsComplete) Cross(_crossing);
    }

    /// <summary>
    /// Asks no more what links to pages. The level that was being read on that side stays open for good; what is
    /// complete there holds.
    /// </summary>
    public void GiveUpBackward() => _onlyForward = true;

    /// <summary>Asks no more which pages link to which.</summary>
    public void GiveUpCrossing()
    {
        _neverCross = true;
        _crossing = null;
    }

    bool CrossingIsWorthIt(double cost)
    {
        // Counting the unread pages takes a while; the unasked ones are a part of them.
        if (Crossing.CostOf(_forward.Level.Unasked, _backward.Level.Unasked) * Misgiving > cost) return false;
        var (sources, targets) = (_forward.Level.UnreadPages().Count(), _backward.Level.UnreadPages().Count());
        return Crossing.CostOf(sources, targets) * Misgiving <= cost;
    }

    // Every link between the frontiers is known now: from the pages that were read, on either side, or by asking.
    void Cross(Crossing crossing)
    {
        _crossing = null;
        _crossingMissed = true;
        foreach (var source in _backward.Next.Where(_forward.IsInFrontier))
        {
            foreach (var target in _backward.ParentsOf(source)) _forward.AddChild(source, target);
        }
        foreach (var (source, target) in crossing.Links) _forward.AddChild(source, target);
        if (!_forward.Next.Any(_backward.IsInFrontier)) return;
        _forward.CompleteLevel();
        LookForMeeting(_forward.Frontier);
    }

    void CompleteLevelIfRead(SearchSide side)
    {
        if (!side.Level.IsComplete) return;
        side.CompleteLevel();
        _crossing = null;
        _crossingMissed = false;
        LookForMeeting(side.Frontier);
    }

    // Without a meeting so far, a page that is new on one side can only be in the last level of the other.
    void LookForMeeting(List<int> frontier)
    {
        var meeting = frontier.FindAll(id => _forward.IsInFrontier(id) && _backward.IsInFrontier(id));
        if (meeting.Count > 0) Paths = ShortestPaths.Through(meeting, _forward, _backward, _titles);
    }

    SearchSide Side(Direction direction) => direction == Direction.Forward ? _forward : _backward;
}
