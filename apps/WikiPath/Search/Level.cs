namespace WikiPath.Search;

/// <summary>The reading of one side's frontier, batch by batch: what is asked, and what that may still cost.</summary>
sealed class Level(SearchSide side, TitleTable titles)
{
    readonly List<LinksQuestion> _paused = [];      // one answer came, and there is more
    readonly List<LinksQuestion> _onTheirWay = [];
    int _position;

    /// <summary>How many pages are neither read nor asked about.</summary>
    public int Unasked { get; private set; } = side.Frontier.Count;

    public bool IsComplete => Unasked == 0 && _paused.Count == 0 && _onTheirWay.Count == 0;

    public bool CanAsk => Unasked > 0 || _paused.Count > 0;

    /// <summary>The requests to its end, as far as one can guess.</summary>
    public double Cost =>
        side.Costs.OfUnasked(Unasked) + _paused.Sum(side.Costs.OfOpen) + _onTheirWay.Sum(side.Costs.OfOpen);

    /// <summary>The pages that are not read to their end.</summary>
    public IEnumerable<int> UnreadPages() => side.Frontier.Where(id => !side.IsRead(id));

    public IEnumerable<string> UnaskedTitles() =>
        side.Frontier.Skip(_position).Where(id => !side.IsRead(id)).Select(id => titles[id]);

    /// <summary>A page was read before anyone asked.</summary>
    public void Skip() => Unasked--;

    // What is begun is finished first, except that a page with endless links waits until all else is read.
    public LinksQuestion Ask()
    {
        var question = _paused.MinBy(side.Costs.OfOpen);
        if (question is not null
            && (Unasked == 0
                || side.Costs.OfOpen(question) <= side.Costs.OfUnasked(Math.Min(Unasked, BidirectionalSearch.BatchSize))))
        {
            _paused.Remove(question);
        }
        else
        {
            question = new LinksQuestion(side.Direction, NextBatch(), titles);
        }
        _onTheirWay.Add(question);
        return question;
    }

    public void Answer(LinksQuestion question, bool isComplete)
    {
        if (!_onTheirWay.Remove(question)) throw new ArgumentException("This question was not asked.", nameof(question));
        if (!isComplete) _paused.Add(question);
    }

    int[] NextBatch()
    {
        var batch = new List<int>(BidirectionalSearch.BatchSize);
        for (; batch.Count < BidirectionalSearch.BatchSize && _position < side.Frontier.Count; _position++)
        {
            if (!side.IsRead(side.Frontier[_position])) batch.Add(side.Frontier[_position]);
        }
        Unasked -= batch.Count;
        return [.. batch];
    }
}
