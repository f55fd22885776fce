using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Heddle.Tests.Http;

/// <summary>A proxy that opens tunnels, on threads of the pool.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly RawServer _server;

    /// <param name="whenAskedAsync">Before it answers.</param>
    internal ConnectProxy(Func<Task>? whenAskedAsync = null) => _server = new RawServer(async client =>
    {
        while (await client.ReadHeadAsync() is { } head)
        {
            if (!head.StartsWith("CONNECT ", StringComparison.Ordinal))
            {
                await client.SendAsync("HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n");
                continue;
            }

            if (whenAskedAsync is not null)
            {
                await whenAskedAsync();
            }

            var to = head.Split(' ')[1].Split(':');
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(to[0], int.Parse(to[1], CultureInfo.InvariantCulture));
            await client.SendAsync("HTTP/1.1 200 Connection established\r\n\r\n");
            await client.JoinAsync(socket);
            return;
        }
    });

    internal int Connections => _server.Connections;

    internal WebProxy Proxy => new(_server.Address);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
