using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Heddle.Tests.Http;

/// <summary>A server on 127.0.0.1 that says whatever a test wants it to say, on threads of the pool.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<RawConnection> _connections = [];
    private readonly List<Task> _serving = [];
    private readonly Func<RawConnection, Task> _serve;
    private readonly Task _accepting;

    internal RawServer(Func<RawConnection, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    internal string Address => $"http://{_listener.LocalEndpoint}/";

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal string SecureAddress => $"https://{_listener.LocalEndpoint}/";

    /// <summary>How many connections were made.</summary>
    internal int Connections
    {
        get
        {
            lock (_connections)
            {
                return _connections.Count;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        await Task.WhenAll(_serving);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = new RawConnection(await _listener.AcceptSocketAsync());
                lock (_connections)
                {
                    _connections.Add(connection);
                    _serving.Add(Task.Run(() => ServeAsync(connection)));
                }
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(RawConnection connection)
    {
        try
        {
            await _serve(connection);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
        }
        finally
        {
            connection.Dispose();
        }
    }
}

/// <summary>One connection of a <see cref="RawServer"/>.</summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>Reads the head of a request; null when the client has closed the connection.</summary>
    internal async Task<string?> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _stream.ReadAsync(one) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>Shakes hands as a server with the certificate.</summary>
    internal async Task SpeakTlsAsync(X509Certificate2 certificate)
    {
        await using var tls = new SslStream(_stream, leaveInnerStreamOpen: true);
        await tls.AuthenticateAsServerAsync(certificate);
    }

    /// <summary>Shakes hands as a server; all that follows is said inside TLS.</summary>
    internal async Task SecureAsync(X509Certificate2 certificate)
    {
        var session = new SslStream(_stream, leaveInnerStreamOpen: false);
        await session.AuthenticateAsServerAsync(certificate);
        _stream = session;
    }

    /// <summary>Ends the session as TLS has it, which disposing of it does not.</summary>
    internal Task SayGoodbyeAsync() => ((SslStream)_stream).ShutdownAsync();

    /// <summary>Reads so many bytes of HTTP/2's beginning, then frames until one of that type has come.</summary>
    internal async Task ReadToFrameAsync(int skip, byte type)
    {
        await ReadAsync(skip);
        var head = new byte[9];
        do
        {
            await _stream.ReadExactlyAsync(head);
            await ReadAsync((head[0] << 16) | (head[1] << 8) | head[2]);
        }
        while (head[3] != type);
    }

    /// <summary>Shakes hands as a server, and keeps the session until the client has closed it.</summary>
    internal async Task SpeakTlsAsync(SslServerAuthenticationOptions options)
    {
        await using var tls = new SslStream(_stream, leaveInnerStreamOpen: true);
        await tls.AuthenticateAsServerAsync(options);
        while (await tls.ReadAsync(new byte[4096]) > 0)
        {
        }
    }

    /// <summary>Reads so many bytes.</summary>
    internal async Task ReadAsync(int count) => await _stream.ReadExactlyAsync(new byte[count]);

    internal async Task SendAsync(string text) => await SendAsync(Encoding.UTF8.GetBytes(text));

    internal async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Reads and forgets until the client has closed the connection, in whichever way.</summary>
    internal async Task WaitForCloseAsync()
    {
        var some = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(some) > 0)
            {
            }
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Hands on what comes, both ways, until one of the two has ended.</summary>
    internal async Task JoinAsync(Socket other)
    {
        await using var there = new NetworkStream(other);
        await Task.WhenAny(_stream.CopyToAsync(there), there.CopyToAsync(_stream));
    }

    /// <summary>Closes it by a reset, as a process that is killed does.</summary>
    internal void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        Dispose();
    }

    public void Dispose() => _stream.Dispose();
}
