using System.Runtime.ExceptionServices;
using Heddle;
using WikiPath.Cache;
using WikiPath.MediaWiki;
using WikiPath.Search;

namespace WikiPath;

/// <summary>Asks a wiki what the search wants to know, a few questions at once.</summary>
public sealed class PathFinder(ILinkSource links, string from, string to)
{
    readonly BidirectionalSearch _search = new(from, to);
    readonly Dictionary<LinksQuestion, ILinkReader> _readers = [];
    readonly Dictionary<Direction, int> _recalled = [];     // up to which depth
    bool _isOneSided;

    /// <summary>How many questions may be on their way at once; each sends one request at a time.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Called on the loop whenever the search has come a little further.</summary>
    public Action<SearchProgress>? OnProgress { get; init; }

    /// <summary>Told once if the wiki cannot say what links to a page, so that the search goes on from the start alone.</summary>
    public Action<WikiLacksException>? OnOneSided { get; init; }

    /// <summary>What is remembered of earlier searches, and is not asked again.</summary>
    public ILinkMemory? Memory { get; init; }

    /// <summary>How many articles' links were read, each side for itself.</summary>
    public int Pages { get; private set; }

    /// <summary>How many of the pages were remembered.</summary>
    public int PagesRecalled { get; private set; }

    public SearchProgress Progress =>
        new(Pages, _search.TitlesMet, _search.Depth(Direction.Forward), _search.Depth(Direction.Backward));

    /// <summary>All shortest paths, or null if no path leads there.</summary>
    public async Coroutine<ShortestPaths?> FindAsync()
    {
        try
        {
            await TaskGroup.RunAsync(AskAsync, new TaskGroupOptions { Name = "questions" });
        }
        catch (AggregateException failures) when (failures.TryFind<WikiException>(out var failure))
        {
            // The first one tells the story; the questions beside it met the same wiki.
            ExceptionDispatchInfo.Throw(failure);
        }
        return _search.Paths;
    }

    async Coroutine AskAsync(TaskGroup group)
    {
        var asked = new List<LoopTask>();
        await RecallAsync();
        while (!_search.IsOver)
        {
            while (asked.Count < Concurrency && _search.Next() is { } question)
            {
                asked.Add(group.Start(AnswerAsync(question)));
            }
            var answered = await LoopTask.WhenAny(asked);
            asked.Remove(answered);
            // One that somebody has cancelled was not answered, and what it was to find is missing.
            if (answered.IsCanceled) await answered;
            OnProgress?.Invoke(Progress);
            await RecallAsync();
        }
        group.Cancel("the search is over");
    }

    // Both sides, as soon as a level begins: what is remembered costs nothing, which decides where to go on.
    async Coroutine RecallAsync()
    {
        if (Memory is null) return;
        for (var direction = Direction.Forward; direction <= Direction.Backward; direction++)
        {
            while (!_search.IsOver && _recalled.GetValueOrDefault(direction, -1) < _search.Depth(direction))
            {
                _recalled[direction] = _search.Depth(direction);
                foreach (var titles in _search.Unasked(direction).ToList().Chunk(500))
                {
                    foreach (var (title, neighbours) in await Memory.RecallAsync(direction, titles))
                    {
                        _search.AddKnown(direction, title, neighbours);
                        Pages++;
                        PagesRecalled++;
                    }
                }
            }
        }
        OnProgress?.Invoke(Progress);
    }

    // Links can be followed without knowing what links where: it takes longer, and finds the same.
    async Coroutine AnswerAsync(Question question)
    {
        try
        {
            if (question is LinksQuestion links) await ReadAsync(links);
            else await CrossAsync((CrossingQuestion)question);
        }
        catch (WikiLacksException) when (question is CrossingQuestion)
        {
            _search.GiveUpCrossing();
        }
        catch (WikiLacksException lack) when (question is LinksQuestion { Direction: Direction.Backward })
        {
            _search.GiveUpBackward();
            if (!_isOneSided) OnOneSided?.Invoke(lack);
            _isOneSided = true;
        }
    }

    async Coroutine ReadAsync(LinksQuestion question)
    {
        if (!_readers.TryGetValue(question, out var reader))
        {
            _readers[question] = reader = links.Open(question.Direction, question.Titles);
        }
        var portion = await reader.ReadAsync();
        foreach (var (article, found) in portion.Neighbours) _search.Add(question, article, found);
        if (portion.IsLast)
        {
            _readers.Remove(question);
            Pages += question.Titles.Count;
        }
        _search.Answered(question, portion.Requests, portion.IsLast);
    }

    async Coroutine CrossAsync(CrossingQuestion question)
    {
        var crossings = await links.CrossAsync(question.Sources, question.Targets);
        foreach (var (source, target) in crossings.Links) _search.Add(question, source, target);
        _search.Answered(question, crossings.Requests);
    }
}

/// <summary>How far a search has come.</summary>
public readonly record struct SearchProgress(int Pages, int TitlesMet, int ForwardDepth, int BackwardDepth);
