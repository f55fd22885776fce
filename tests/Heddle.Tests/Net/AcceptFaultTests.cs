using System.Net.Sockets;
using Heddle.LowLevel;
using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>A server goes on whatever accept(2) says: a firewall refuses a connection, memory is short, the peer's name is odd.</summary>
public abstract class AcceptFaultTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : AcceptFaultTests(Pollers.Epoll);

    public sealed class OnSockets() : AcceptFaultTests(Pollers.Sockets);

    private readonly Queue<Func<IoResult<StreamTransport>>> _failures = new();

    [Fact]
    public void Every_error_of_accept_is_reported_once_and_tried_again_after_a_pause() => RunFailing(async () =>
    {
        var errors = Enum.GetValues<SocketError>().Except([SocketError.Success, SocketError.IOPending]).ToList();
        errors.ForEach(error => _failures.Enqueue(() => new(error)));
        await using var server = TcpServer.Start(AnyPort, EchoLineAsync);
        await TalkAsync(async () => await TcpConnection.ConnectAsync(server.LocalEndPoint));
        Assert.True(server.IsListening);
        Assert.Empty(_failures);
        Assert.True(EventLoop.Current.Now >= errors.Count * TimeSpan.FromMilliseconds(100), "It did not pause.");
        Assert.Equal(LoopReportKind.UnhandledFailure, Assert.Single(Reports).Kind);
        Assert.Contains($"Accepting connections at {server.LocalEndPoint} failed", Reports[0].Message);
    });

    [Fact]
    public void An_exception_out_of_accept_does_not_end_a_server() => RunFailing(async () =>
    {
        _failures.Enqueue(static () => throw new ArgumentOutOfRangeException("path"));
        _failures.Enqueue(static () => throw new OutOfMemoryException("made up"));
        _failures.Enqueue(static () => throw new OperationCanceledException("somebody else's"));
        var folder = Directory.CreateTempSubdirectory("heddle");
        try
        {
            var path = Path.Combine(folder.FullName, "s");
            await using var server = UnixServer.Start(path, EchoLineAsync);
            await TalkAsync(async () => await UnixConnection.ConnectAsync(path));
            Assert.Empty(_failures);
            Assert.Single(Reports);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    });

    [Fact]
    public void What_goes_wrong_after_a_connection_is_reported_again() => RunFailing(async () =>
    {
        await using var server = TcpServer.Start(AnyPort, EchoLineAsync);
        for (var i = 1; i <= 2; i++)
        {
            _failures.Enqueue(() => new(SocketError.AccessDenied));
            await TalkAsync(async () => await TcpConnection.ConnectAsync(server.LocalEndPoint));
            await TalkAsync(async () => await TcpConnection.ConnectAsync(server.LocalEndPoint));
            Assert.Equal(i, Reports.Count);
        }
    });

    [Fact]
    public void A_connection_that_the_system_refuses_is_told_of_in_words_of_its_own() => RunFailing(async () =>
    {
        _failures.Enqueue(() => new(SocketError.AccessDenied));
        await using var server = TcpServer.Start(AnyPort, EchoLineAsync);
        await TalkAsync(async () => await TcpConnection.ConnectAsync(server.LocalEndPoint));
        Assert.Contains("a firewall refuses the connection, or a policy", Assert.Single(Reports).Message);
        Assert.DoesNotContain("1024", Reports[0].Message);
    });

    [Fact]
    public void A_server_that_only_fails_can_be_stopped() => RunFailing(async () =>
    {
        for (var i = 0; i < 10_000; i++)
        {
            _failures.Enqueue(static () => new(SocketError.AccessDenied));
        }

        var server = TcpServer.Start(AnyPort, EchoLineAsync);
        await Coroutine.Delay(Second);
        await server.StopAsync();
        Assert.InRange(_failures.Count, 1, 9_999);
    });

    private void RunFailing(Func<Coroutine> body)
    {
        Assert.SkipWhen(MakeNetwork == Pollers.Epoll && !OperatingSystem.IsLinux(), "epoll is Linux's.");
        VirtualTime.Run(body, new() { Network = loop => new FailingListeners(MakeNetwork(loop), _failures), OnReport = Reports.Add });
    }

    private static async Coroutine TalkAsync(Func<Coroutine<Connection>> connect)
    {
        await using var client = await connect();
        client.Writer.Write("hello\n");
        Assert.Equal("hello", await client.Reader.ReadLineAsync());
    }

    private static async Coroutine EchoLineAsync(Connection connection)
    {
        if (await connection.Reader.ReadLineAsync() is { } line)
        {
            connection.Writer.Write($"{line}\n");
        }
    }
}
