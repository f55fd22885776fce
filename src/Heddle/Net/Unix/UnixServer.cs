using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Takes in connections of other programs on this machine, by a socket file. The counterpart of <c>asyncio.start_unix_server</c>.</summary>
/// <remarks>The file is made at the start and removed at the stop. One that a dead server has left behind is replaced.</remarks>
public sealed class UnixServer : Server<UnixConnection>
{
    private UnixServer(ListenTransport listener, string path, Func<UnixConnection, Coroutine> handler, ServerOptions options)
        : base(listener, handler, options) => Path = path;

    /// <summary>The socket file.</summary>
    public string Path { get; }

    /// <summary>Starts to listen; each connection that comes runs the handler in a task of its own.</summary>
    /// <param name="path">The socket file. At most about a hundred bytes long, which is the system's limit.</param>
    /// <param name="handler">When it ends, its connection is closed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ConnectionException">Another server listens there, or it is not allowed.</exception>
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

    private protected override UnixConnection Accept(StreamTransport transport) => new(transport);

    private protected override void OnStopped() => File.Delete(Path);

    private static UnixServer Listen(string path, Func<UnixConnection, Coroutine> handler, ServerOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new();
        var endPoint = new UnixDomainSocketEndPoint(path);
        RemoveIfDead(path, endPoint);
        return new(OpenListener(endPoint, options), path, handler, options);
    }

    /// <summary>A socket file at which nobody listens is what a server leaves that was killed.</summary>
    private static void RemoveIfDead(string path, UnixDomainSocketEndPoint endPoint)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(endPoint);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            // Somebody listens, or it is no socket: what follows says so.
        }
    }
}
