using System.Net;
using System.Net.Sockets;

namespace Heddle;

/// <summary>Makes the connections of a client: on the loop that it serves, or with the sockets of .NET.</summary>
internal sealed class HttpConnector(HttpTransport transport)
{
    /// <summary>For requests that the handler makes by itself: to open a tunnel through a proxy.</summary>
    private volatile EventLoop? _loopOfLast;

    /// <summary>The user's own, if there is one.</summary>
    internal Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>>? Filter { get; set; }

    /// <summary>Whether the handler calls this one, and no other that the user has put in its place.</summary>
    internal bool IsInUse { private get; set; }

    /// <summary>Whether a connection to there is one of the loop's network, and all that is spoken over it is HTTP.</summary>
    internal bool IsOnLoop(EventLoop loop, Uri to)
        => IsInUse && transport == HttpTransport.Loop && loop.HasNetwork && to.Scheme == Uri.UriSchemeHttp;

    /// <summary>The loop asks; it is where connections are made from now on.</summary>
    internal void Serve(EventLoop loop)
    {
        if (!ReferenceEquals(_loopOfLast, loop))
        {
            _loopOfLast = loop;
        }
    }

    /// <summary>Called on a thread of the pool.</summary>
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken token)
    {
        // The handler itself goes on connecting for seconds after the request has gone.
        var exchange = LoopHttpRequest.ExchangeOf(context.InitialRequestMessage);
        var gone = exchange?.Token ?? CancellationToken.None;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, gone);
        var loop = exchange?.Loop ?? _loopOfLast!;
        var stream = transport == HttpTransport.Loop && loop.HasNetwork
            ? await ConnectOnLoopAsync(loop, context.DnsEndPoint, exchange, either.Token).ConfigureAwait(false)
            : await ConnectBySystemAsync(context.DnsEndPoint, either.Token).ConfigureAwait(false);
        if (exchange is not null)
        {
            Handshake.Begin(stream, gone);
        }
        else
        {
            Handshake.BeginTunnel(stream);
        }

        return stream;
    }

    /// <summary>Called when a connection speaks HTTP: after its handshake, if it has one.</summary>
    internal ValueTask<Stream> OnConnectedAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken token)
    {
        Handshake.End(context.PlaintextStream);
        return Filter is null ? new(Watched(context, context.PlaintextStream)) : FilterAsync(context, token);
    }

    private async ValueTask<Stream> FilterAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken token)
        => Watched(context, await Filter!(context, token).ConfigureAwait(false));

    /// <summary>The frames of HTTP/2 say where an answer ends, its connection's end does not.</summary>
    private static Stream Watched(SocketsHttpPlaintextStreamFilterContext context, Stream connection)
        => context.NegotiatedHttpVersion.Major == 1 ? CutWatch.Over(connection) : connection;

    private static async Task<Stream> ConnectOnLoopAsync(EventLoop loop, DnsEndPoint to, Exchange? exchange, CancellationToken token)
        => new TransportStream(await ConnectCall.RunAsync(loop, to, exchange, token).ConfigureAwait(false), loop)
        {
            AlwaysAsks = true,
            FirstPlace = exchange?.FirstPlace ?? ILoopItem.NoPlace,
        };

    private static async Task<Stream> ConnectBySystemAsync(DnsEndPoint to, CancellationToken token)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, token).ConfigureAwait(false);
            return new WatchedSocketStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
