using System.Reflection;
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
            : $"shortest link paths; contact: {contact}";
        return new LoopHttpClient(new LoopHttpOptions
        {
            DefaultHeaders = { ["User-Agent"] = $"WikiPath/{version?.Split('+')[0] ?? "0"} ({comment}) Heddle/.NET" },
            Timeout = Timeout.InfiniteTimeSpan,
            MaxConnectionsPerServer = connections,
            Cookies = null,
            Handler = network,
        });
    }
}
