namespace WikiPath.MediaWiki;

/// <summary>How one attempt failed, which decides whether another is worth it.</summary>
enum ApiFaultKind
{
    /// <summary>The wiki asks for patience.</summary>
    Busy,

    /// <summary>No answer came, or half of one.</summary>
    Broken,

    /// <summary>No answer came within the time that it had.</summary>
    Silent,

    /// <summary>What answered does not seem to be a MediaWiki: a sign-in page may stand before it.</summary>
    NotAWiki,

    /// <summary>There is nothing at this address.</summary>
    Missing,

    /// <summary>The wiki understood and said no: to ask again is pointless.</summary>
    Refused,
}

/// <summary>
/// What happened, the likely cause and the remedy in one; <see cref="RetryAfter"/> is the wiki's own wish.
/// </summary>
sealed record ApiFault(ApiFaultKind Kind, string What, string Advice, TimeSpan? RetryAfter = null);

/// <summary>What a request says of who sends it.</summary>
readonly record struct WikiSender(bool NamesContact, bool NamesUser);
