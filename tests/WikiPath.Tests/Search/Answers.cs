using WikiPath.Search;

namespace WikiPath.Tests.Search;

/// <summary>Answers a search's questions from a graph: late, in any order, in portions and at any price.</summary>
sealed class Answers(
    BidirectionalSearch search, Func<string, IEnumerable<string>> linksOf, Func<string, IEnumerable<string>> linksTo)
{
    readonly List<Question> _underWay = [];
    readonly Dictionary<LinksQuestion, List<(string Title, string Neighbour)>> _rest = [];

    bool _isDear;

    public int Crossings { get; private set; }

    /// <summary>Asks and answers in an order of chance, to the end.</summary>
    public ShortestPaths? Run(Random random)
    {
        // At a high price, and when no answer is the only one, the search looks for another way on.
        _isDear = random.Next(3) == 0;
        while (!search.IsOver)
        {
            while (_underWay.Count <= random.Next(4) && search.Next() is { } question) _underWay.Add(question);
            Assert.True(_underWay.Count > 0, "Nothing is under way, and there is nothing to ask.");
            var next = _underWay[random.Next(_underWay.Count)];
            _underWay.Remove(next);
            var price = next is LinksQuestion && _isDear ? 100 : random.Next(1, 4);
            if (next is LinksQuestion links) Answer(links, random, price);
            else Answer((CrossingQuestion)next, price);
        }
        return search.Paths;
    }

    void Answer(LinksQuestion question, Random random, int price)
    {
        if (!_rest.TryGetValue(question, out var rest))
        {
            var neighboursOf = question.Direction == Direction.Forward ? linksOf : linksTo;
            rest = question.Titles.SelectMany(title => neighboursOf(title).Select(other => (title, other))).ToList();
            if (rest.Count > 0 && random.Next(4) == 0) rest.Add(rest[0]);      // one comes twice
        }
        var isFirst = question.Requests == 0;
        var portion = random.Next(2) == 0 ? rest : rest.Take(random.Next(rest.Count + 1)).ToList();
        foreach (var page in portion.GroupBy(row => row.Title, row => row.Neighbour))
        {
            search.Add(question, page.Key, page.ToList());
        }
        _rest[question] = rest.Skip(portion.Count).ToList();
        search.Answered(question, price, _rest[question].Count == 0 && !(isFirst && _isDear));
    }

    void Answer(CrossingQuestion question, int price)
    {
        Crossings++;
        foreach (var source in question.Sources)
        {
            foreach (var target in linksOf(source).Intersect(question.Targets)) search.Add(question, source, target);
        }
        search.Answered(question, price);
    }
}
