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
    public void The_socket_file_has_the_mode_that_it_was_given_and_keeps_others_out() => RunIntoTimeouts(async () =>
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Files have no such modes here.");
            return;
        }

        const UnixFileMode ForMe = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(_folder, ForMe | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        await using var server = UnixServer.Start(SocketFile, EchoAsync, new() { Socket = new() { FileMode = ForMe } });
        Assert.Equal(ForMe, File.GetUnixFileMode(SocketFile));
        await using (await UnixConnection.ConnectAsync(SocketFile))
        {
        }

        OtherUser.Skip();
        using var stranger = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (new OtherUser())
        {
            var failure = Assert.Throws<SocketException>(() => stranger.Connect(new UnixDomainSocketEndPoint(SocketFile)));
            Assert.Equal(SocketError.AccessDenied, failure.SocketErrorCode);
        }
    });

    [Fact]
    public void A_file_that_a_dead_server_left_is_replaced() => RunIntoTimeouts(async () =>
    {
        LeaveDeadSocket(SocketFile);
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

    [Theory]
    [InlineData("file")]
    [InlineData("directory")]
    [InlineData("fifo")]
    [InlineData("link to a file")]
    [InlineData("link to a dead socket")]
    [InlineData("link to nothing")]
    [InlineData("device")]
    public void What_is_no_socket_is_never_removed_by_a_start(string kind) => RunIntoTimeouts(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What stands at a path is told exactly on Linux.");
        var other = Path.Combine(_folder, "other");
        switch (kind)
        {
            case "file":
                await File.WriteAllTextAsync(SocketFile, "ten years of work").OrCanceled();
                break;
            case "directory":
                Directory.CreateDirectory(SocketFile);
                break;
            case "fifo":
                (await Subprocess.RunAsync(Peer.Require("mkfifo"), [SocketFile])).EnsureSuccess();
                break;
            case "link to a file":
                await File.WriteAllTextAsync(other, "ten years of work").OrCanceled();
                File.CreateSymbolicLink(SocketFile, other);
                break;
            case "link to a dead socket":
                LeaveDeadSocket(other);
                File.CreateSymbolicLink(SocketFile, other);
                break;
            case "link to nothing":
                File.CreateSymbolicLink(SocketFile, other);
                break;
            default:
                var made = await Subprocess.RunAsync(Peer.Require("mknod"), [SocketFile, "c", "1", "3"]);
                Assert.SkipUnless(made.Status.IsSuccess, $"Devices are made by privileged users only: {made.ErrorText}");
                break;
        }

        var before = Standing();
        var failure = Assert.Throws<ConnectionException>(() => UnixServer.Start(SocketFile, EchoAsync));
        Assert.Equal(SocketError.AddressAlreadyInUse, failure.ErrorCode);
        var named = kind switch { "file" or "directory" or "device" => kind, "fifo" => "named pipe", _ => "symbolic link" };
        Assert.StartsWith($"Listening at {SocketFile} failed: there is a {named} at that path, which is no socket", failure.Message);
        Assert.Equal(before, Standing());

        string Standing() => string.Join('\n', new DirectoryInfo(_folder).GetFileSystemInfos()
            .Select(static file => $"{file.Name} {file.LinkTarget} {file.Attributes} {file.CreationTimeUtc:O}").Order());
    });

    [Fact]
    public void A_stopping_server_leaves_the_socket_that_another_has_put_in_its_place() => RunIntoTimeouts(async () =>
    {
        var first = UnixServer.Start(SocketFile, EchoAsync);
        File.Move(SocketFile, SocketFile + ".old");
        await using var second = UnixServer.Start(SocketFile, EchoAsync);

        await first.StopAsync();

        await using var connection = await UnixConnection.ConnectAsync(SocketFile);
        connection.Writer.Write("who is there?\n");
        Assert.Equal("who is there?", await connection.Reader.ReadLineAsync());
        Assert.Empty(Reports);
    });

    [Fact]
    public void A_stopping_server_leaves_a_file_that_stands_in_its_place() => RunIntoTimeouts(async () =>
    {
        var server = UnixServer.Start(SocketFile, EchoAsync);
        File.Delete(SocketFile);
        await File.WriteAllTextAsync(SocketFile, "somebody else's").OrCanceled();

        await server.DisposeAsync();

        Assert.Equal("somebody else's", await File.ReadAllTextAsync(SocketFile).OrCanceled());
    });

    [Fact]
    public void A_server_whose_folder_is_gone_stops_as_others_do() => RunIntoTimeouts(async () =>
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "gone")).FullName;
        var server = UnixServer.Start(Path.Combine(folder, "s"), EchoAsync);
        Directory.Delete(folder, recursive: true);

        await server.StopAsync();

        Assert.False(server.IsListening);
        Assert.Empty(Reports);
    });

    [Fact]
    public void An_abstract_name_has_no_file() => RunIntoTimeouts(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Abstract names are Linux's.");
        var name = $"\0heddle{Path.GetFileName(_folder)}";
        for (var i = 0; i < 2; i++)
        {
            var server = UnixServer.Start(name, EchoAsync);
            var failure = Assert.Throws<ConnectionException>(() => UnixServer.Start(name, EchoAsync));
            Assert.Equal(SocketError.AddressAlreadyInUse, failure.ErrorCode);
            await using (var connection = await UnixConnection.ConnectAsync(name))
            {
                connection.Writer.Write("hello\n");
                Assert.Equal("hello", await connection.Reader.ReadLineAsync());
            }

            if (i == 0)
            {
                await server.StopAsync();
            }

            await server.DisposeAsync();
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
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
            import ctypes, errno, os, socket, struct, time
            os.chdir('{{_folder}}')
            s = socket.socket(socket.AF_UNIX)
            name = struct.pack('H', socket.AF_UNIX) + {{name}}
            libc = ctypes.CDLL(None, use_errno=True)
            while libc.bind(s.fileno(), name, len(name)) != 0:
                # A name that is no file is the machine's: the same test may run beside this one.
                assert ctypes.get_errno() == errno.EADDRINUSE, os.strerror(ctypes.get_errno())
                time.sleep(0.01)
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

    [Theory]
    [InlineData("socket.send_fds(s, [b'a'], [0])")]
    [InlineData("s.send(b'a'); s.send(b'!', socket.MSG_OOB)")]
    public void What_came_behind_a_descriptor_or_urgent_data_is_read(string sends) => RunIntoTimeouts(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "How a receive is cut short is Linux's.");
        var python = Peer.Require("python3");
        using var listening = Network.Listen(new UnixDomainSocketEndPoint(Path.Combine(_folder, "t")), new ListenSettings());
        var script = $"""
            import os, socket, sys
            os.chdir('{_folder}')
            s = socket.socket(socket.AF_UNIX)
            s.connect('t')
            for i in range(3):
                {sends}
                s.send(b'b\n')
            print('sent', flush=True)
            sys.stdin.read()
            """;
        await using var client = Subprocess.Start(
            python, ["-c", script], new() { StandardInput = SubprocessInput.Pipe, StandardOutput = SubprocessOutput.Pipe });
        using var there = await listening.AcceptAsync();
        Assert.Equal("sent", await client.StandardOutput.ReadLineAsync());
        var reader = new ByteReader(there);
        for (var i = 0; i < 3; i++)
        {
            // To a look before the read, as .NET's sockets take one, the kernel shows the urgent byte among the others.
            Assert.Equal("ab", (await reader.ReadLineAsync().WithTimeout(TimeSpan.FromHours(1)))?.Replace("!", "", StringComparison.Ordinal));
        }
    });

    private static void LeaveDeadSocket(string path)
    {
        using var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        dead.Bind(new UnixDomainSocketEndPoint(path + "x"));
        File.Move(path + "x", path);
    }

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
