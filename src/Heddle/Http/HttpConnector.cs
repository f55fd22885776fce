using System.Net;
using System.Net.Sockets;

namespace Heddle;

/// <summary>Makes the connections of a client: on the loop that it serves, or with the sockets of .NET.</summary>
internal sealed class HttpConnector(HttpTransport transport)
{
    /// <summary>For requests that the handler makes by itself: to open a tunnel through a proxy.</summary>
    private volatile EventLoop? _loopOfLast;

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
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, exchange?.Token ?? CancellationToken.None);
        var loop = exchange?.Loop ?? _loopOfLast!;
        if (transport == HttpTransport.System || !loop.HasNetwork)
        {
            return await ConnectBySystemAsync(context.DnsEndPoint, either.Token).ConfigureAwait(false);
        }

        var connected = await ConnectCall.RunAsync(loop, context.DnsEndPoint, either.Token).ConfigureAwait(false);
        var stream = new TransportStream(connected, loop) { AlwaysAsks = true };
        if (exchange is not null)
        {
            // A handshake checks certificates, which takes long and may ask the network: not on the loop's thread.
            stream.GoesOnElsewhere = true;
            exchange.Connecting = stream;
        }

        return stream;
    }

    /// <summary>Called when a connection speaks HTTP: after its handshake, if it has one.</summary>
    internal ValueTask<Stream> OnConnectedAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken token)
    {
        if (LoopHttpRequest.ExchangeOf(context.InitialRequestMessage) is { Connecting: { } stream } exchange)
        {
            stream.GoesOnElsewhere = false;
            exchange.Connecting = null;
        }

        return new(context.PlaintextStream);
    }

    private static async Task<Stream> ConnectBySystemAsync(DnsEndPoint to, CancellationToken token)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
