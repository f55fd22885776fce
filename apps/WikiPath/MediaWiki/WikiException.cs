namespace WikiPath.MediaWiki;

/// <summary>The wiki failed: it was not reached, refused, or answered what no MediaWiki answers.</summary>
public class WikiException(string message) : Exception(message);

/// <summary>The wiki answered, and said in a warning that it left out a part of the question.</summary>
public sealed class WikiLacksException(string message, IReadOnlyList<string> what) : WikiException(message)
{
    /// <summary>The modules and parameters that it did not understand.</summary>
    public IReadOnlyList<string> What { get; } = what;
}
