using WikiPath.MediaWiki;

namespace WikiPath.Cli;

/// <summary>What the user asked for.</summary>
public sealed record CliOptions(string From, string To, WikiAddress Wiki, bool Json);
