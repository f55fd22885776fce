using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Heddle.Tests.Net;

/// <summary>A real program that is started with sockets which listen already, by a parent that goes on to have them.</summary>
public sealed class ActivationTests
{
    /// <summary>Binds, starts the program as systemd does, waits for its end, then serves at both sockets itself, once.</summary>
    private const string Parent = """
        import os, socket, struct, sys
        path, command = sys.argv[1], sys.argv[2:]
        web = socket.socket(); web.bind(("127.0.0.1", 0)); web.listen()
        control = socket.socket(socket.AF_UNIX); control.bind(path); control.listen()
        print(web.getsockname()[1], flush=True)
        child = os.fork()
        if child == 0:
            high = [os.dup(each.fileno()) for each in (web, control)]
            for number, each in enumerate([os.dup2(os.dup(each), 100 + i) for i, each in enumerate(high)]):
                os.dup2(each, 3 + number, inheritable=True)
            os.closerange(5, 200)
            os.environ.update(LISTEN_FDS="2", LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES="web:control")
            os.execvp(command[0], command)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print("ended with", status, flush=True)
        print("connections linger:", struct.unpack("ii", web.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)), flush=True)
        for each in (web, control):
            each.setblocking(True)
            connection = each.accept()[0]
            connection.setblocking(True)
            connection.sendall(b"parent\n")
            connection.close()
        """;

    [Theory]
    [InlineData("epoll")]
    [InlineData("sockets")]
    public async Task A_program_serves_the_sockets_that_it_was_started_with_and_leaves_them_as_they_were(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is systemd's protocol.");
        var python = Peer.Require("python3");
        var folder = Directory.CreateTempSubdirectory("heddle-activation-");
        var path = Path.Combine(folder.FullName, "control");
        Process? parent = null;
        try
        {
            var program = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");
            parent = Process.Start(new ProcessStartInfo(python, ["-c", Parent, path, "dotnet", program, "activated", poller])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            var output = parent.StandardOutput;
            var port = int.Parse((await output.ReadLineAsync())!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal("web control", await output.ReadLineAsync());
            Assert.Equal("0 the second time", await output.ReadLineAsync());
            Assert.Equal("none none none", await output.ReadLineAsync());
            Assert.Equal("closed", await output.ReadLineAsync());
            Assert.Equal(
                $"The inherited socket 'control' at {path} cannot be served: it is no TCP socket; one of a Unix domain is for UnixServer.",
                await output.ReadLineAsync());
            Assert.Equal($"TcpServer at 127.0.0.1:{port} (0 connections) and UnixServer at {path} (0 connections)", await output.ReadLineAsync());

            foreach (var endPoint in new EndPoint[] { new IPEndPoint(IPAddress.Loopback, port), new UnixDomainSocketEndPoint(path) })
            {
                Assert.Equal("hello", await SayAsync(endPoint, "hello\n"));
            }

            parent.StandardInput.Close();
            Assert.Equal("ended with 0", await output.ReadLineAsync());
            Assert.Equal("connections linger: (0, 0)", await output.ReadLineAsync());

            // Both still listen, and the file is there.
            Assert.Equal("parent", await SayAsync(new IPEndPoint(IPAddress.Loopback, port), ""));
            Assert.Equal("parent", await SayAsync(new UnixDomainSocketEndPoint(path), ""));
            await parent.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, parent.ExitCode);
        }
        finally
        {
            if (parent is { HasExited: false })
            {
                parent.Kill(entireProcessTree: true);
            }

            parent?.Dispose();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Without_an_activation_there_are_none_and_a_server_says_so()
    {
        Assert.Empty(InheritedSocket.TakeAll());
        EventLoop.Run(() =>
        {
            var failure = Assert.Throws<ArgumentException>(() => TcpServer.StartInherited([], static _ => default));
            Assert.Contains("not started by socket activation", failure.Message, StringComparison.Ordinal);
            return default;
        });
    }

    private static async Task<string?> SayAsync(EndPoint endPoint, string what)
    {
        using var client = endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(endPoint);
        using var stream = new NetworkStream(client);
        if (what.Length > 0)
        {
            // Whoever only listens may find the other end closed already, and even no byte cannot be sent there.
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(what));
        }

        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync();
    }
}
