using WikiPath.MediaWiki;

namespace WikiPath.Cli;

/// <summary>Tells what a word too many on the command line was likely meant as.</summary>
static class UnknownWords
{
    /// <param name="word">The first that is neither a title nor an option.</param>
    public static string Explain(string word, string from, string to, IReadOnlyCollection<string> options)
    {
        if (options.Contains(word)) return $"after '--' every word is a title. Put {word} before it.";
        // An option that does not exist is taken for a title while one is missing.
        if (new[] { from, to, word }.FirstOrDefault(text => text.StartsWith('-')) is not { } unknown)
        {
            // It may be the address that --wiki was forgotten before.
            var shown = word.Contains("://", StringComparison.Ordinal) ? WikiAddress.WithoutUser(word) : word;
            return $"'{shown}' is one title too many after '{from}' and '{to}'. A title of several words needs quotes: "
                + $"\"{from} {to}\".";
        }
        var nearest = options.MinBy(option => EditDistance.Between(unknown, option))!;
        return EditDistance.Between(unknown, nearest) <= 2
            ? $"there is no option '{unknown}'. Is it {nearest} that you mean?"
            : $"there is no option '{unknown}'. A title that begins with '-' comes after '--'.";
    }
}
