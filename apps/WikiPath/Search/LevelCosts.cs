namespace WikiPath.Search;

/// <summary>Estimates from what a side has read how many requests its pages will take.</summary>
/// <param name="rowsAPage">The first guess of a page's links, which counts as one page read.</param>
/// <param name="requestsAnAnswer">What it takes to learn from one full answer which articles it names.</param>
sealed class LevelCosts(double rowsAPage, double requestsAnAnswer)
{
    const double RowsAnAnswer = 500;
    double _rows = rowsAPage;
    int _pages = 1;

    public void Learn(int pages, int rows)
    {
        _rows += rows;
        _pages += pages;
    }

    /// <summary>The requests for pages that no one has asked about.</summary>
    public double OfUnasked(int pages) => pages == 0 ? 0
        : Math.Ceiling(pages / (double)BidirectionalSearch.BatchSize)
            + pages * (_rows / _pages) / RowsAnAnswer * requestsAnAnswer;

    /// <summary>
    /// The requests that a question still takes. Who has waited long must expect to wait as long again: links are spread
    /// so unevenly that the length so far is the best guess. It also bounds what a wrong side can cost.
    /// </summary>
    public double OfOpen(LinksQuestion question) =>
        Math.Max(OfUnasked(question.Titles.Count) - question.Requests, question.Requests);
}
