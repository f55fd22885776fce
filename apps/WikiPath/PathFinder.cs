using System.Runtime.ExceptionServices;
using Heddle;
using WikiPath.MediaWiki;
using WikiPath.Search;

namespace WikiPath;

/// <summary>Searches a wiki from both ends, a level at a time and a few requests at once.</summary>
public sealed class PathFinder(ILinkSource links, string from, string to)
{
    readonly BidirectionalSearch _search = new(from, to);

    /// <summary>How many requests may be on their way at once.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Called on the loop whenever the search has come a little further.</summary>
    public Action<SearchProgress>? OnProgress { get; init; }

    /// <summary>How many articles' links were read.</summary>
    public int Pages { get; private set; }

    public SearchProgress Progress =>
        new(Pages, _search.TitlesMet, _search.Depth(Direction.Forward), _search.Depth(Direction.Backward));

    /// <summary>All shortest paths, or null if no path leads there.</summary>
    public async Coroutine<ShortestPaths?> FindAsync()
    {
        while (!_search.IsOver)
        {
            var direction = CheaperSide();
            await ReadLevelAsync(direction);
            _search.CompleteLevel(direction);
            OnProgress?.Invoke(Progress);
        }
        return _search.Paths;
    }

    Direction CheaperSide() =>
        _search.FrontierCount(Direction.Forward) <= _search.FrontierCount(Direction.Backward)
            ? Direction.Forward
            : Direction.Backward;

    async Coroutine ReadLevelAsync(Direction direction)
    {
        try
        {
            await TaskGroup.RunAsync(
                async group =>
                {
                    foreach (var batch in _search.Frontier(direction).Chunk(links.BatchSize))
                    {
                        _ = group.Start(ReadBatchAsync(direction, batch));
                    }
                    await Coroutine.Completed;
                },
                new TaskGroupOptions { Name = $"{direction} level", MaxConcurrency = Concurrency });
        }
        catch (AggregateException failures) when (failures.TryFind<WikiException>(out var failure))
        {
            // The first one tells the story; the batches beside it met the same wiki.
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    async Coroutine ReadBatchAsync(Direction direction, string[] batch)
    {
        var neighbours = await links.ReadAsync(direction, batch);
        foreach (var (article, found) in neighbours) _search.Add(direction, article, found);
        Pages += batch.Length;
        OnProgress?.Invoke(Progress);
    }
}

/// <summary>How far a search has come.</summary>
public readonly record struct SearchProgress(int Pages, int TitlesMet, int ForwardDepth, int BackwardDepth);
