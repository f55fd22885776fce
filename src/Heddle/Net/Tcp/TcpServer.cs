using System.Net;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Takes in TCP connections, and runs a handler for each. The counterpart of <c>asyncio.start_server</c>.</summary>
/// <inheritdoc cref="Server{TConnection}" path="/remarks"/>
public sealed class TcpServer : Server<TcpConnection>
{
    private TcpServer(ListenTransport[] listeners, Func<TcpConnection, Coroutine> handler, ServerOptions options)
        : base(listeners, handler, options)
        => LocalEndPoints = [.. base.LocalEndPoints.Cast<IPEndPoint>()];

    /// <summary>Where it listens, with the port that it was given.</summary>
    public new IPEndPoint LocalEndPoint => LocalEndPoints[0];

    /// <inheritdoc cref="Server{TConnection}.LocalEndPoints"/>
    public new IReadOnlyList<IPEndPoint> LocalEndPoints { get; }

    /// <summary>The port that it listens on; of several, the first's.</summary>
    public int Port => LocalEndPoint.Port;

    /// <summary>Starts to listen; each connection that comes runs the handler in a task of its own.</summary>
    /// <param name="endPoint">Port 0 has the system choose one; see <see cref="Port"/>.</param>
    /// <param name="handler">When it ends, its connection is closed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ConnectionException">The end point is in use, not this machine's, or not allowed.</exception>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public static TcpServer Start(IPEndPoint endPoint, Func<TcpConnection, Coroutine> handler, ServerOptions? options = null)
        => Started(Make(endPoint, handler, options));

    /// <summary>Starts to listen at all addresses of a name, as one server.</summary>
    /// <param name="host">A name, or an address in writing. Of a name's addresses those that this machine does not have are left out, unless it has none of them.</param>
    /// <param name="port">Port 0 has the system choose one, the same at all addresses.</param>
    /// <param name="handler">When it ends, its connection is closed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ConnectionException">The name has no address, or an address of it is in use or not allowed.</exception>
    public static Coroutine<TcpServer> StartAsync(string host, int port, Func<TcpConnection, Coroutine> handler, ServerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        ArgumentNullException.ThrowIfNull(handler);
        var name = new DnsEndPoint(host, port);
        return StartedAsync();

        async Coroutine<TcpServer> StartedAsync() => Started(await MakeAsync(name, handler, options));
    }

    /// <summary>Starts to listen at several end points, as one server: at all of them or, if one fails, at none.</summary>
    /// <param name="endPoints">Those with port 0 get one port, the same for each of them. An IPv6 address beside one of IPv4 takes no IPv4.</param>
    /// <param name="handler">When it ends, its connection is closed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <inheritdoc cref="Start(IPEndPoint, Func{TcpConnection, Coroutine}, ServerOptions?)" path="/exception"/>
    public static TcpServer StartAll(IReadOnlyList<IPEndPoint> endPoints, Func<TcpConnection, Coroutine> handler, ServerOptions? options = null)
        => Started(MakeAll(endPoints, handler, options));

    /// <summary>Serves what listens already, because whoever started the program had it listen: systemd's socket activation.</summary>
    /// <param name="sockets">From <see cref="InheritedSocket.TakeAll"/>; at least one, all TCP. They are the server's from here on.</param>
    /// <param name="handler">When it ends, its connection is closed.</param>
    /// <param name="options">What is set on sockets that are opened has no meaning here. Null for the defaults.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="ConnectionException">One does not listen, is no TCP socket, or was taken before.</exception>
    /// <exception cref="PlatformNotSupportedException">The loop's network has no sockets of the system's.</exception>
    public static TcpServer StartInherited(IReadOnlyList<InheritedSocket> sockets, Func<TcpConnection, Coroutine> handler, ServerOptions? options = null)
        => Started(MakeInherited(sockets, handler, options));

    /// <summary>Listens and serves until the scope is cancelled. The counterpart of <c>serve_forever</c>.</summary>
    /// <inheritdoc cref="Start(IPEndPoint, Func{TcpConnection, Coroutine}, ServerOptions?)" path="/param"/>
    /// <inheritdoc cref="Start(IPEndPoint, Func{TcpConnection, Coroutine}, ServerOptions?)" path="/exception"/>
    public static async Coroutine ServeAsync(IPEndPoint endPoint, Func<TcpConnection, Coroutine> handler, ServerOptions? options = null)
        => await Make(endPoint, handler, options).ServeAsync();

    /// <summary>Listens at all addresses of a name, and serves until the scope is cancelled.</summary>
    /// <inheritdoc cref="StartAsync" path="/param"/>
    /// <inheritdoc cref="StartAsync" path="/exception"/>
    public static async Coroutine ServeAsync(string host, int port, Func<TcpConnection, Coroutine> handler, ServerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        await (await MakeAsync(new DnsEndPoint(host, port), handler, options)).ServeAsync();
    }

    /// <summary>Listens at several end points, and serves until the scope is cancelled.</summary>
    /// <inheritdoc cref="StartAll" path="/param"/>
    /// <inheritdoc cref="StartAll" path="/exception"/>
    public static async Coroutine ServeAllAsync(IReadOnlyList<IPEndPoint> endPoints, Func<TcpConnection, Coroutine> handler, ServerOptions? options = null)
        => await MakeAll(endPoints, handler, options).ServeAsync();

    /// <summary>Serves what listens already until the scope is cancelled.</summary>
    /// <inheritdoc cref="StartInherited" path="/param"/>
    /// <inheritdoc cref="StartInherited" path="/exception"/>
    public static async Coroutine ServeInheritedAsync(
        IReadOnlyList<InheritedSocket> sockets, Func<TcpConnection, Coroutine> handler, ServerOptions? options = null)
        => await MakeInherited(sockets, handler, options).ServeAsync();

    private protected override TcpConnection Accept(StreamTransport transport) => new(transport);

    private static TcpServer Started(TcpServer server)
    {
        server.Start();
        return server;
    }

    private static TcpServer Make(IPEndPoint endPoint, Func<TcpConnection, Coroutine> handler, ServerOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new();
        return new([Listening.At(endPoint, options.Socket)], handler, options);
    }

    private static TcpServer MakeAll(IReadOnlyList<IPEndPoint> endPoints, Func<TcpConnection, Coroutine> handler, ServerOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        ArgumentOutOfRangeException.ThrowIfZero(endPoints.Count, nameof(endPoints));
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new();
        return new(Listening.AtAll(endPoints, options.Socket), handler, options);
    }

    private static async Coroutine<TcpServer> MakeAsync(DnsEndPoint name, Func<TcpConnection, Coroutine> handler, ServerOptions? options)
    {
        options ??= new();
        var isAddress = IPAddress.TryParse(name.Host, out _);
        var endPoints = await NameResolution.ResolveAsync("Listening at", name, null);
        return new(Listening.AtAll([.. endPoints.Distinct()], options.Socket, skipsMissing: !isAddress), handler, options);
    }

    private static TcpServer MakeInherited(IReadOnlyList<InheritedSocket> sockets, Func<TcpConnection, Coroutine> handler, ServerOptions? options)
    {
        ArgumentNullException.ThrowIfNull(sockets);
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new();
        return new(Listening.AtInherited(sockets, options.Socket, isInternet: true), handler, options);
    }
}
