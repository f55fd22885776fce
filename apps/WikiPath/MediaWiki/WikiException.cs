namespace WikiPath.MediaWiki;

/// <summary>The wiki failed: it was not reached, refused, or answered what no MediaWiki answers.</summary>
public sealed class WikiException(string message) : Exception(message);
