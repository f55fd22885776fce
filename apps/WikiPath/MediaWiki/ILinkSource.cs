using Heddle;
using WikiPath.Search;

namespace WikiPath.MediaWiki;

/// <summary>Reads what articles link to, and what links to them: redirects resolved, missing pages dropped.</summary>
public interface ILinkSource
{
    /// <summary>Begins to read the neighbours of articles in a direction. Nothing is asked yet.</summary>
    ILinkReader Open(Direction direction, IReadOnlyList<string> articles);

    /// <summary>The links that lead from any of the sources to any of the targets.</summary>
    Coroutine<Crossings> CrossAsync(IReadOnlyList<string> sources, IReadOnlyList<string> targets);
}

/// <summary>Reads the neighbours of some articles, in as many portions as the wiki gives out.</summary>
public interface ILinkReader
{
    /// <summary>
    /// The next portion: in most cases a request or two. A reader that was cancelled or failed is not to be used again.
    /// </summary>
    Coroutine<LinkPortion> ReadAsync();
}

/// <summary>Some of the neighbours of some articles. Another portion may name more of the same article's.</summary>
public sealed record LinkPortion(
    IReadOnlyDictionary<string, IReadOnlySet<string>> Neighbours, int Requests, bool IsLast);

/// <summary>Links between two sets of articles, and the requests it took.</summary>
public sealed record Crossings(IReadOnlyCollection<(string Source, string Target)> Links, int Requests);
