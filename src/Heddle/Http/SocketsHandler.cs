using System.Net.Sockets;

namespace Heddle;

/// <summary>The handler of a client that was given none.</summary>
internal static class SocketsHandler
{
    private static readonly HttpRequestOptionsKey<CancellationToken> s_gone = new("Heddle.Gone");

    internal static SocketsHttpHandler Create(LoopHttpOptions options)
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
            ConnectCallback = ConnectAsync,
        };
        if (options.MaxRedirects > 0)
        {
            handler.MaxAutomaticRedirections = options.MaxRedirects;
        }

        if (options.Cookies is not null)
        {
            handler.CookieContainer = options.Cookies;
        }

        return handler;
    }

    /// <summary>Says by which token a request is given up, so that a connection being made for it is given up too.</summary>
    internal static void SetGone(HttpRequestMessage request, CancellationToken gone) => request.Options.Set(s_gone, gone);

    /// <summary>The handler itself goes on connecting for seconds after the request has gone.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken token)
    {
        context.InitialRequestMessage.Options.TryGetValue(s_gone, out var gone);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, gone);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, either.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
