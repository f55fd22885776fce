namespace Heddle;

/// <summary>The handler of a client that was given none.</summary>
internal static class SocketsHandler
{
    /// <param name="options">The client's.</param>
    /// <param name="connector">Makes its connections.</param>
    /// <param name="redirects">How many it follows.</param>
    internal static HttpMessageHandler Create(LoopHttpOptions options, HttpConnector connector, out int redirects)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = options.MaxRedirects > 0,
            UseCookies = options.Cookies is not null,
            AutomaticDecompression = options.AutomaticDecompression,
            MaxConnectionsPerServer = options.MaxConnectionsPerServer,
            UseProxy = options.UseProxy,

            // So that a changed name is noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),

            // An answer that is left early is cut off, and not read to its end in the background.
            MaxResponseDrainSize = 0,
            ConnectCallback = connector.ConnectAsync,
        };
        if (options.MaxRedirects > 0)
        {
            handler.MaxAutomaticRedirections = options.MaxRedirects;
        }

        if (options.Cookies is not null)
        {
            handler.CookieContainer = options.Cookies;
        }

        options.ConfigureHandler?.Invoke(handler);
        connector.IsInUse = ReferenceEquals(handler.ConnectCallback?.Target, connector);
        connector.Filter = handler.PlaintextStreamFilter;
        handler.PlaintextStreamFilter = connector.OnConnectedAsync;
        handler.SslOptions = TlsClientSettings.Prepare(handler.SslOptions);
        redirects = handler.AllowAutoRedirect ? handler.MaxAutomaticRedirections : 0;
        handler.AllowAutoRedirect = false;
        return redirects > 0 ? new RedirectFollower(handler, redirects) : handler;
    }
}
