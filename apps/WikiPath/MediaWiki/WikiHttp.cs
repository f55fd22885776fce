using System.Globalization;
using System.Reflection;
using System.Text;
using Heddle;

namespace WikiPath.MediaWiki;

/// <summary>Makes the HTTP client that wikis are asked through.</summary>
public static class WikiHttp
{
    /// <summary>A client that names program, version and contact, as Wikimedia's rules ask; timeouts are the caller's.</summary>
    /// <param name="contact">An e-mail or web address of whoever runs the program; null for none.</param>
    /// <param name="connections">As many as there are requests at once.</param>
    /// <param name="network">What answers in the network's place; null for the network.</param>
    public static LoopHttpClient CreateClient(string? contact, int connections, HttpMessageHandler? network = null)
    {
        var version =
            typeof(WikiHttp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var comment = string.IsNullOrWhiteSpace(contact)
            ? "shortest link paths"
            : $"shortest link paths; contact: {Encode(contact.Trim())}";
        return new LoopHttpClient(new LoopHttpOptions
        {
            DefaultHeaders = { ["User-Agent"] = $"WikiPath/{version?.Split('+')[0] ?? "0"} ({comment}) Heddle/.NET" },
            Timeout = Timeout.InfiniteTimeSpan,
            MaxConnectionsPerServer = connections,
            Cookies = null,
            Handler = network,
        });
    }

    /// <summary>Whether a contact can stand in a header, which is one line.</summary>
    public static bool IsContact(string? text) => text is null || !text.Trim().Any(char.IsControl);

    // A header is ASCII, and in a comment of it brackets and backslashes have a meaning: as in an address's path.
    static string Encode(string contact)
    {
        var encoded = new StringBuilder();
        foreach (var rune in contact.EnumerateRunes())
        {
            if (rune.IsAscii && rune.Value is not ('(' or ')' or '\\')) encoded.Append(rune);
            else if (rune.IsAscii) encoded.Append('%').Append(rune.Value.ToString("X2", CultureInfo.InvariantCulture));
            else encoded.Append(Uri.EscapeDataString(rune.ToString()));
        }
        return encoded.ToString();
    }
}
