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
            (from, to) = (Shown(from), Shown(to));
            return $"'{Shown(word)}' is one title too many after '{from}' and '{to}'. A title of several words needs quotes: "
                + $"\"{from} {to}\".";
        }
        var nearest = options.MinBy(option => EditDistance.Between(unknown, option))!;
        return EditDistance.Between(unknown, nearest) <= 2
            ? $"there is no option '{Shown(unknown)}'. Is it {nearest} that you mean?"
            : $"there is no option '{Shown(unknown)}'. A title that begins with '-' comes after '--'.";
    }

    /// <summary>As it may be printed: any word may be the address that --wiki was forgotten before, with a password in it.</summary>
    public static string Shown(string word) => word.IndexOf(':') is >= 0 and var colon && colon < word.LastIndexOf('@')
        ? WikiAddress.WithoutUser(word)
        : word;

    /// <summary>Whether it is an address with a name or a password, which no wiki must see as a title.</summary>
    public static bool IsAddressWithUser(string word) =>
        word.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme && scheme < word.LastIndexOf('@');
}
