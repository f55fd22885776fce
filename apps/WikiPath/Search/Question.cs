namespace WikiPath.Search;

/// <summary>What a search wants to know next. It may take several answers.</summary>
public abstract class Question
{
    /// <summary>How many requests went into it so far.</summary>
    public int Requests { get; internal set; }
}

/// <summary>What do these pages link to, or what links to them?</summary>
public sealed class LinksQuestion : Question
{
    internal LinksQuestion(Direction direction, int[] ids, TitleTable titles)
    {
        Direction = direction;
        Ids = ids;
        Titles = Array.ConvertAll(ids, id => titles[id]);
    }

    public Direction Direction { get; }

    public IReadOnlyList<string> Titles { get; }

    internal int[] Ids { get; }

    /// <summary>How many neighbours its answers named.</summary>
    internal int Rows { get; set; }
}

/// <summary>Which of these sources link to which of those targets?</summary>
public sealed class CrossingQuestion : Question
{
    internal CrossingQuestion(Crossing crossing, IEnumerable<int> sources, IEnumerable<int> targets, TitleTable titles)
    {
        Crossing = crossing;
        Sources = sources.Select(id => titles[id]).ToArray();
        Targets = targets.Select(id => titles[id]).ToArray();
    }

    public IReadOnlyList<string> Sources { get; }

    public IReadOnlyList<string> Targets { get; }

    internal Crossing Crossing { get; }
}
