using System.Net;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A TCP connection, with or without TLS. The counterpart of <c>asyncio.open_connection</c>.</summary>
/// <inheritdoc cref="Connection" path="/remarks"/>
public sealed class TcpConnection : Connection
{
    internal TcpConnection(StreamTransport transport)
        : base(transport)
    {
    }

    /// <summary>Whether small writes are sent at once, without waiting for answers to earlier ones (TCP_NODELAY). Default: true.</summary>
    public bool NoDelay
    {
        set => Transport.NoDelay = value;
    }

    /// <summary>Connects to a host: finds its addresses, tries them one beside the other (RFC 8305), and speaks TLS if the options say so.</summary>
    /// <param name="host">A name, or an address in writing.</param>
    /// <param name="port">1 to 65,535.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ConnectionException">The name has no address, nobody answers or all refuse, or TLS finds something wrong.</exception>
    /// <exception cref="TimeoutException">The TLS handshake took too long. For all else put a <c>WithTimeout</c> around it.</exception>
    public static Coroutine<TcpConnection> ConnectAsync(string host, int port, ConnectOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        return OpenAsync(new DnsEndPoint(host, port), options ?? new());
    }

    /// <summary>Connects to an address.</summary>
    /// <inheritdoc cref="ConnectAsync(string, int, ConnectOptions?)" path="/exception"/>
    public static Coroutine<TcpConnection> ConnectAsync(IPEndPoint endPoint, ConnectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return OpenAsync(endPoint, options ?? new());
    }

    private static async Coroutine<TcpConnection> OpenAsync(EndPoint remote, ConnectOptions options)
    {
        var transport = remote is DnsEndPoint name
            ? await HappyEyeballs.ConnectAsync(name, options)
            : await EventLoop.Current.Network.ConnectAsync(remote, options.Socket);
        return new(options.Tls is { } tls
            ? await TlsTransport.ConnectAsync(transport, remote, tls, options.HandshakeTimeout)
            : transport);
    }
}
