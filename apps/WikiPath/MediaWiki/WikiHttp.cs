using System.Net;
using System.Reflection;

namespace WikiPath.MediaWiki;

/// <summary>Makes the HTTP client that wikis are asked through.</summary>
public static class WikiHttp
{
    /// <summary>The network's handler: gzip, and as many connections as there are requests at once.</summary>
    public static HttpMessageHandler CreateHandler(int connections) => new SocketsHttpHandler
    {
        AutomaticDecompression = DecompressionMethods.All,
        MaxConnectionsPerServer = connections,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    /// <summary>
    /// A client that names program, version and contact, as Wikimedia's rules ask; timeouts are the caller's.
    /// </summary>
    public static HttpClient CreateClient(HttpMessageHandler handler, string? contact)
    {
        var version =
            typeof(WikiHttp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var comment = string.IsNullOrWhiteSpace(contact)
            ? "shortest link paths"
            : $"shortest link paths; contact: {contact}";
        http.DefaultRequestHeaders.TryAddWithoutValidation(
            "User-Agent", $"WikiPath/{version?.Split('+')[0] ?? "0"} ({comment}) Heddle/.NET");
        return http;
    }
}
