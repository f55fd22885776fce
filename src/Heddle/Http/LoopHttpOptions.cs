using System.Net;

namespace Heddle;

/// <summary>How a <see cref="LoopHttpClient"/> behaves.</summary>
public sealed class LoopHttpOptions
{
    /// <summary>What relative addresses are relative to, by the rules of RFC 3986: end it with '/' to keep its whole path. Default: none.</summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>Headers of every request that does not set them itself, such as <c>User-Agent</c>. As to redirects see <see cref="MaxRedirects"/>.</summary>
    public IDictionary<string, string> DefaultHeaders { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// How long nothing may come from a server: until the answer's headers, and then until each next piece of its body.
    /// A piece of a long upload that was taken counts as a sign of life. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>
    /// for ever. Default: 30 s.
    /// </summary>
    /// <remarks>It is no limit for the whole exchange: for that there are <c>WithTimeout</c> and scopes.</remarks>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest body that is kept in memory; a longer one fails, and can be streamed. Default: 128 MiB.</summary>
    public int MaxBufferedBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>How many redirects are followed, one after the other; 0 gives out redirects as they are. Default: 20.</summary>
    /// <remarks>
    /// One to what is neither http nor https is a <see cref="LoopHttpException"/>. To another host, port or scheme (but to https at the usual
    /// ports) go only headers that hold no secrets, such as <c>Accept</c> and <c>User-Agent</c>: no <c>Authorization</c>, no <c>Cookie</c> but
    /// the container's, and none that .NET does not know, such as <c>X-Api-Key</c>.
    /// </remarks>
    public int MaxRedirects { get; init; } = 20;

    /// <summary>Where cookies are kept from one answer to the next request; null for no cookies. Default: a container of the client's own.</summary>
    public CookieContainer? Cookies { get; init; } = new();

    /// <summary>Which compressed bodies are asked for, and decompressed. Default: all.</summary>
    public DecompressionMethods AutomaticDecompression { get; init; } = DecompressionMethods.All;

    /// <summary>How many connections to one server there may be at once; further requests wait, within their timeout. Default: no limit.</summary>
    public int MaxConnectionsPerServer { get; init; } = int.MaxValue;

    /// <summary>Whether the proxy of the system's settings is used (<see cref="HttpClient.DefaultProxy"/>). Default: true.</summary>
    public bool UseProxy { get; init; } = true;

    /// <summary>What connections are made by. Default: the loop.</summary>
    public HttpTransport Transport { get; init; }

    /// <summary>
    /// Is given the handler that the client made, to set what is no option here, before it is used: certificates, a proxy, limits.
    /// </summary>
    /// <remarks>With a <see cref="SocketsHttpHandler.ConnectCallback"/> of its own it leaves the transport. Default: nothing.</remarks>
    public Action<SocketsHttpHandler>? ConfigureHandler { get; init; }

    /// <summary>
    /// What sends the requests: a test's own, or a configured <see cref="SocketsHttpHandler"/>. The client disposes of it.
    /// Redirects, cookies, decompression, connections and proxy are then the handler's own matter, and not the options'.
    /// Default: sockets.
    /// </summary>
    public HttpMessageHandler? Handler { get; init; }

    internal void Validate()
    {
        ThrowIfNotPositive(Timeout, nameof(Timeout));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxBufferedBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRedirects);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxConnectionsPerServer);
        if (BaseAddress is not null && !HttpAddresses.IsHttp(BaseAddress))
        {
            throw new ArgumentException(
                $"BaseAddress is '{Passwords.HideIn(BaseAddress.OriginalString)}', which is no absolute http or https address. Write it out: https://host/path/.",
                nameof(BaseAddress));
        }
    }

    internal static void ThrowIfNotPositive(TimeSpan timeout, string name)
    {
        if (timeout <= TimeSpan.Zero && timeout != System.Threading.Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(
                name, timeout, "A timeout must be positive, or Timeout.InfiniteTimeSpan for none.");
        }
    }
}
