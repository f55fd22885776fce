using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;
using Heddle.TestSupport;
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

    /// <summary>By another program, and there by the system's own call: neither .NET nor Python binds to all of them.</summary>
    [Theory]
    [InlineData(@"b'\0' + b'\xff' * 60")]
    [InlineData(@"b'\0' + b'\xff' * 107")]
    [InlineData(@"b'\0\n\x01\xe4'")]
    [InlineData(@"b'\0'")]
    [InlineData(@"b'\xff' * 60")]
    [InlineData(@"b'n' * 108")]
    [InlineData(@"b'\xe4' * 108")]
    public void A_client_may_have_any_name_that_the_system_allows(string name) => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Such names are Linux's.");
        var python = Peer.Require("python3");
        EndPoint? remote = null;
        await using var server = UnixServer.Start(SocketFile, async connection =>
        {
            remote = connection.RemoteEndPoint;
            connection.Writer.Write($"hello {connection}\n");
        });
        var script = $$"""
            import ctypes, os, socket, struct
            os.chdir('{{_folder}}')
            s = socket.socket(socket.AF_UNIX)
            name = struct.pack('H', socket.AF_UNIX) + {{name}}
            assert ctypes.CDLL(None).bind(s.fileno(), name, len(name)) == 0
            s.connect('s')
            print(s.recv(5).decode())
            """;
        for (var i = 0; i < 2; i++)
        {
            var result = await Subprocess.RunAsync(python, ["-c", script]);
            Assert.Equal("hello\n", result.EnsureSuccess().OutputText);
            Assert.NotNull(remote);

            // What is no text, only another program can remove.
            (await Subprocess.RunAsync("find", [_folder, "-mindepth", "1", "!", "-name", "s", "-delete"])).EnsureSuccess();
        }

        Assert.Empty(Reports);
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
