using WikiPath.Search;

namespace WikiPath.Cli;

/// <summary>What a search came to.</summary>
sealed record Answer(
    string From, string To, string Wiki, ShortestPaths? Paths, int Requests, int Pages, TimeSpan Elapsed)
{
    /// <summary>The path to show: the first one in order, so that every run shows the same.</summary>
    public IReadOnlyList<string>? Path { get; } = Paths?.Enumerate().First();
}
