using System.Net;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Takes in TCP connections, and runs a handler for each. The counterpart of <c>asyncio.start_server</c>.</summary>
/// <inheritdoc cref="Server{TConnection}" path="/remarks"/>
public sealed class TcpServer : Server<TcpConnection>
{
    private TcpServer(ListenTransport listener, Func<TcpConnection, Coroutine> handler, ServerOptions options)
        : base(listener, handler, options)
    {
    }

    /// <summary>Where it listens, with the port that it was given.</summary>
    public new IPEndPoint LocalEndPoint => (IPEndPoint)base.LocalEndPoint;

    /// <summary>The port that it listens on.</summary>
    public int Port => LocalEndPoint.Port;

    /// <summary>Starts to listen; each connection that comes runs the handler in a task of its own.</summary>
    /// <param name="endPoint">Port 0 has the system choose one; see <see cref="Port"/>.</param>
    /// <param name="handler">When it ends, its connection is closed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ConnectionException">The end point is in use, not this machine's, or not allowed.</exception>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public static TcpServer Start(IPEndPoint endPoint, Func<TcpConnection, Coroutine> handler, ServerOptions? options = null)
    {
        var server = Listen(endPoint, handler, options);
        server.Start();
        return server;
    }

    /// <summary>Listens and serves until the scope is cancelled. The counterpart of <c>serve_forever</c>.</summary>
    /// <inheritdoc cref="Start(IPEndPoint, Func{TcpConnection, Coroutine}, ServerOptions?)" path="/param"/>
    /// <inheritdoc cref="Start(IPEndPoint, Func{TcpConnection, Coroutine}, ServerOptions?)" path="/exception"/>
    public static async Coroutine ServeAsync(IPEndPoint endPoint, Func<TcpConnection, Coroutine> handler, ServerOptions? options = null)
        => await Listen(endPoint, handler, options).ServeAsync();

    private protected override TcpConnection Accept(StreamTransport transport) => new(transport);

    private static TcpServer Listen(IPEndPoint endPoint, Func<TcpConnection, Coroutine> handler, ServerOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new();
        return new(OpenListener(endPoint, options), handler, options);
    }
}
