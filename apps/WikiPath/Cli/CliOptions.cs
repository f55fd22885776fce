using WikiPath.MediaWiki;

namespace WikiPath.Cli;

/// <summary>What the user asked for.</summary>
/// <param name="Cache">The cache's file; null to do without.</param>
public sealed record CliOptions(
    string From, string To, WikiAddress Wiki, int Paths, bool Json, string? Cache, TimeSpan CacheAge);
