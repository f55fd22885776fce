using WikiPath.Search;

namespace WikiPath.Cli;

/// <summary>What a search came to.</summary>
sealed record Answer(
    string From, string To, string Wiki, ShortestPaths? Paths, int Most, int Requests, int Pages, int PagesRecalled,
    TimeSpan Elapsed)
{
    /// <summary>The paths to show: the first ones in order, so that every run shows the same.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Shown { get; } = Paths?.Enumerate().Take(Most).ToList() ?? [];
}
