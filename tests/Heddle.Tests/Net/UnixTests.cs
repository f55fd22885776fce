using System.Net.Sockets;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What holds for socket files on every poller.</summary>
public abstract class UnixTests(Func<EventLoop, INetworkPoller> network) : NetTests(network), IDisposable
{
    public sealed class OnEpoll() : UnixTests(Pollers.Epoll);

    public sealed class OnSockets() : UnixTests(Pollers.Sockets);

    private readonly string _folder = Directory.CreateTempSubdirectory("heddle").FullName;

    private string SocketFile => Path.Combine(_folder, "s");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_client_talks_to_a_server_by_a_socket_file() => RunIntoTimeouts(async () =>
    {
        await using var server = UnixServer.Start(SocketFile, EchoAsync);
        await using var connection = await UnixConnection.ConnectAsync(SocketFile);

        connection.Writer.Write("hello\n");

        Assert.Equal("hello", await connection.Reader.ReadLineAsync());
    });

    [Fact]
    public void The_socket_file_goes_with_its_server() => RunIntoTimeouts(async () =>
    {
        var server = UnixServer.Start(SocketFile, EchoAsync);
        Assert.True(File.Exists(SocketFile));

        await server.DisposeAsync();

        Assert.False(File.Exists(SocketFile));
    });

    [Fact]
    public void A_file_that_a_dead_server_left_is_replaced() => RunIntoTimeouts(async () =>
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(SocketFile + "x"));
            File.Move(SocketFile + "x", SocketFile);
        }

        Assert.True(File.Exists(SocketFile));
        await using var server = UnixServer.Start(SocketFile, EchoAsync);
        await using var connection = await UnixConnection.ConnectAsync(SocketFile);
    });

    [Fact]
    public void A_file_at_which_a_server_listens_is_not_taken_from_it() => RunIntoTimeouts(async () =>
    {
        await using var server = UnixServer.Start(SocketFile, EchoAsync);

        var failure = Assert.Throws<ConnectionException>(() => UnixServer.Start(SocketFile, EchoAsync));

        Assert.Contains("the address is in use", failure.Message, StringComparison.Ordinal);
        Assert.Contains(SocketFile, failure.Message, StringComparison.Ordinal);
        await using var connection = await UnixConnection.ConnectAsync(SocketFile);
        connection.Writer.Write("still here\n");
        Assert.Equal("still here", await connection.Reader.ReadLineAsync());
    });

    [Fact]
    public void A_missing_socket_file_is_named() => RunIntoTimeouts(async () =>
    {
        var failure = await ThrowsAsync<ConnectionException>(async () => await UnixConnection.ConnectAsync(SocketFile));

        Assert.Contains(SocketFile, failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void While_the_servers_queue_is_full_a_client_waits() => RunIntoTimeouts(async () =>
    {
        var options = new ServerOptions { MaxConnections = 1, Socket = new() { Backlog = 1 } };
        await using var server = UnixServer.Start(SocketFile, static async connection => await connection.Reader.ReadToEndAsync(), options);
        var clients = Enumerable.Range(0, 5).Select(_ => LoopTask.Start(ConnectAndCloseAsync())).ToArray();

        foreach (var client in clients)
        {
            await client;
        }
    });

    private async Coroutine ConnectAndCloseAsync()
    {
        await using var connection = await UnixConnection.ConnectAsync(SocketFile);
        await Coroutine.Delay(TimeSpan.FromMilliseconds(20));
    }

    private static async Coroutine EchoAsync(UnixConnection connection)
    {
        await foreach (var chunk in connection.Reader.ReadChunksAsync())
        {
            connection.Writer.Write(chunk.Span);
            await connection.Writer.DrainAsync();
        }
    }
}
