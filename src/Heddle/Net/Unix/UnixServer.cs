using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Takes in connections of other programs on this machine, by a socket file. The counterpart of <c>asyncio.start_unix_server</c>.</summary>
/// <remarks>
/// The file is made at the start and removed at the stop, unless another stands there by then. One that a dead server has left behind
/// is replaced; what is no socket is left as it is, and starting fails. On Linux a path that begins with a zero is an abstract name,
/// which has no file.
/// </remarks>
public sealed class UnixServer : Server<UnixConnection>
{
    private readonly SocketFile? _file;

    private UnixServer(ListenTransport[] listeners, string path, SocketFile? file, Func<UnixConnection, Coroutine> handler, ServerOptions options)
        : base(listeners, handler, options)
    {
        Path = path;
        _file = file;
        _file?.OnBound();
    }

    /// <summary>The socket file; of several, the first's.</summary>
    public string Path { get; }

    /// <summary>Starts to listen; each connection that comes runs the handler in a task of its own.</summary>
    /// <param name="path">The socket file. At most about a hundred bytes long, which is the system's limit.</param>
    /// <param name="handler">When it ends, its connection is closed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ConnectionException">Another server listens there, or what stands there is no socket, or it is not allowed.</exception>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public static UnixServer Start(string path, Func<UnixConnection, Coroutine> handler, ServerOptions? options = null)
    {
        var server = Listen(path, handler, options);
        server.Start();
        return server;
    }

    /// <summary>Listens and serves until the scope is cancelled.</summary>
    /// <inheritdoc cref="Start(string, Func{UnixConnection, Coroutine}, ServerOptions?)" path="/param"/>
    /// <inheritdoc cref="Start(string, Func{UnixConnection, Coroutine}, ServerOptions?)" path="/exception"/>
    public static async Coroutine ServeAsync(string path, Func<UnixConnection, Coroutine> handler, ServerOptions? options = null)
        => await Listen(path, handler, options).ServeAsync();

    /// <summary>Serves what listens already, because whoever started the program had it listen: systemd's socket activation.</summary>
    /// <param name="sockets">
    /// From <see cref="InheritedSocket.TakeAll"/>; at least one, all Unix domain sockets for streams. They are the server's from here on, and their files are not.
    /// </param>
    /// <param name="handler">When it ends, its connection is closed.</param>
    /// <param name="options">What is set on sockets that are opened has no meaning here. Null for the defaults.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="ConnectionException">One does not listen, is no Unix domain socket, or was taken before.</exception>
    /// <exception cref="PlatformNotSupportedException">The loop's network has no sockets of the system's.</exception>
    public static UnixServer StartInherited(IReadOnlyList<InheritedSocket> sockets, Func<UnixConnection, Coroutine> handler, ServerOptions? options = null)
    {
        var server = MakeInherited(sockets, handler, options);
        server.Start();
        return server;
    }

    /// <summary>Serves what listens already until the scope is cancelled.</summary>
    /// <inheritdoc cref="StartInherited" path="/param"/>
    /// <inheritdoc cref="StartInherited" path="/exception"/>
    public static async Coroutine ServeInheritedAsync(
        IReadOnlyList<InheritedSocket> sockets, Func<UnixConnection, Coroutine> handler, ServerOptions? options = null)
        => await MakeInherited(sockets, handler, options).ServeAsync();

    private protected override UnixConnection Accept(StreamTransport transport) => new(transport);

    /// <summary>Before the listener closes: nobody takes the file for a dead server's meanwhile, and puts another in its place.</summary>
    private protected override void OnStopping() => _file?.Remove(Loop);

    private static UnixServer Listen(string path, Func<UnixConnection, Coroutine> handler, ServerOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new();
        var endPoint = new UnixDomainSocketEndPoint(path);
        var file = SocketFile.MakeRoom(path, endPoint, SocketType.Stream);

        return new([Listening.At(endPoint, options.Socket)], path, file, handler, options);
    }

    private static UnixServer MakeInherited(IReadOnlyList<InheritedSocket> sockets, Func<UnixConnection, Coroutine> handler, ServerOptions? options)
    {
        ArgumentNullException.ThrowIfNull(sockets);
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new();
        var listeners = Listening.AtInherited(sockets, options.Socket, isInternet: false);
        return new(listeners, listeners[0].LocalEndPoint.ToString()!, file: null, handler, options);
    }
}
