using System.Net.Sockets;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What holds for servers on every poller.</summary>
public abstract class ServerTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : ServerTests(Pollers.Epoll);

    public sealed class OnSockets() : ServerTests(Pollers.Sockets);

    public sealed class InMemory() : ServerTests(OnMemory);

    [Fact]
    public void Each_connection_is_served_beside_the_others_and_closed_after_its_handler() => Run(async () =>
    {
        await using var server = TcpServer.Start(AnyPort, EchoLineAsync);
        var clients = new List<TcpConnection>();
        for (var i = 0; i < 5; i++)
        {
            clients.Add(await TcpConnection.ConnectAsync(server.LocalEndPoint));
        }

        for (var i = 4; i >= 0; i--)
        {
            clients[i].Writer.Write($"{i}\n");
            Assert.Equal($"{i}", await clients[i].Reader.ReadLineAsync());
            Assert.Null(await clients[i].Reader.ReadLineAsync());
            await clients[i].DisposeAsync();
        }

        await SettleAsync();
        Assert.Equal($"TcpServer at {server.LocalEndPoint} (0 connections)", server.ToString());
    });

    [Fact]
    public void No_more_than_the_limit_are_served_at_once() => Run(async () =>
    {
        var (inside, most) = (0, 0);
        var mayGo = new AsyncSemaphore(0);
        await using var server = TcpServer.Start(
            AnyPort,
            async connection =>
            {
                most = Math.Max(most, ++inside);
                await mayGo.AcquireAsync();
                inside--;
                connection.Writer.Write("x"u8);
            },
            new() { MaxConnections = 2 });
        var clients = new List<LoopTask<byte[]>>();
        for (var i = 0; i < 6; i++)
        {
            var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
            clients.Add(LoopTask.Start(async () =>
            {
                await using (client)
                {
                    return await client.Reader.ReadToEndAsync();
                }
            }));
        }

        for (var i = 0; i < 6; i++)
        {
            mayGo.Release();
        }

        foreach (var client in clients)
        {
            Assert.Equal("x"u8.ToArray(), await client);
        }

        Assert.Equal(2, most);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServerOptions { MaxConnections = 0 });
    });

    [Fact]
    public void A_handlers_failure_is_reported_and_resets_its_connection_only() => Run(async () =>
    {
        await using var server = TcpServer.Start(AnyPort, async connection =>
        {
            switch (await connection.Reader.ReadLineAsync())
            {
                case "fail":
                    throw new InvalidDataException("nonsense");
                case "cancel":
                    throw new OperationCanceledException("somebody else's");
            }

            connection.Writer.Write("fine"u8);
        });
        await using var good = await TcpConnection.ConnectAsync(server.LocalEndPoint);
        foreach (var order in new[] { "fail\n", "cancel\n" })
        {
            await using var bad = await TcpConnection.ConnectAsync(server.LocalEndPoint);
            bad.Writer.Write(order);
            var failure = await ThrowsAsync<ConnectionException>(async () => await bad.Reader.ReadToEndAsync());
            Assert.Equal(SocketError.ConnectionReset, failure.ErrorCode);
        }

        good.Writer.Write("ok\n");
        Assert.Equal("fine"u8.ToArray(), await good.Reader.ReadToEndAsync());
        Assert.Equal(2, Reports.Count);
        Assert.All(Reports, report => Assert.Equal(LoopReportKind.UnhandledFailure, report.Kind));
        Assert.Contains("nonsense", Reports[0].Message);
        Assert.Contains("somebody else's", Reports[1].Message);
    });

    [Fact]
    public void A_connection_that_breaks_under_its_handler_is_not_reported() => Run(async () =>
    {
        var ended = new AsyncManualResetEvent();
        await using var server = TcpServer.Start(AnyPort, async connection =>
        {
            try
            {
                await connection.Reader.ReadToEndAsync();
            }
            finally
            {
                ended.Set();
            }
        });
        var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
        client.Abort();
        await ended.WaitAsync();
        await server.StopAsync();
        Assert.Empty(Reports);
    });

    [Fact]
    public void A_client_that_goes_away_from_a_handler_with_a_group_is_not_reported() => Run(async () =>
    {
        var ended = new AsyncSemaphore(0);
        await using var server = TcpServer.Start(AnyPort, async connection =>
        {
            try
            {
                await ReadAndWriteAsync(connection, nested: false);
            }
            finally
            {
                ended.Release();
            }
        });
        await using var nesting = TcpServer.Start(AnyPort, async connection =>
        {
            try
            {
                await ReadAndWriteAsync(connection, nested: true);
            }
            catch (AggregateException failures)
            {
                throw new AggregateException(failures, new AggregateException(failures));
            }
            finally
            {
                ended.Release();
            }
        });
        foreach (var endPoint in new[] { server.LocalEndPoint, nesting.LocalEndPoint })
        {
            var client = await TcpConnection.ConnectAsync(endPoint);
            await client.Reader.ReadExactlyAsync(10);
            client.Abort();
            await ended.AcquireAsync();
        }

        await server.StopAsync();
        await nesting.StopAsync();
        Assert.Empty(Reports);
    });

    [Fact]
    public void Another_failure_beside_that_of_a_client_that_went_away_is_reported() => Run(async () =>
    {
        await using var server = TcpServer.Start(AnyPort, connection => TaskGroup.RunAsync(async group =>
        {
            _ = group.Start(async () =>
            {
                try
                {
                    await Coroutine.Delay(Timeout.InfiniteTimeSpan);
                }
                finally
                {
                    Fail(new InvalidDataException("nonsense"));
                }
            });
            await connection.Reader.ReadToEndAsync();
        }));
        var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
        while (server.ConnectionCount == 0)
        {
            await Coroutine.Yield();
        }

        client.Abort();
        while (server.ConnectionCount > 0)
        {
            await Coroutine.Yield();
        }

        Assert.Contains("nonsense", Assert.Single(Reports).Message);
    });

    private static void Fail(Exception failure) => throw failure;

    /// <summary>As what talks in both directions at once does: one task reads, one writes.</summary>
    private static Coroutine ReadAndWriteAsync(TcpConnection connection, bool nested) => TaskGroup.RunAsync(async group =>
    {
        if (nested)
        {
            await ReadAndWriteAsync(connection, nested: false);
            return;
        }

        _ = group.Start(async () =>
        {
            while (true)
            {
                await connection.Writer.WriteAsync(new byte[10_000]);
            }
        });
        await foreach (var _ in connection.Reader.ReadChunksAsync())
        {
        }
    });

    [Fact]
    [Trait("pitfall", "20")]
    public void Stopping_lets_the_handlers_end_within_the_grace() => Run(async () =>
    {
        var server = TcpServer.Start(AnyPort, EchoLineAsync);
        await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
        while (server.ConnectionCount == 0)
        {
            await Coroutine.Yield();
        }

        var stopping = LoopTask.Start(server.StopAsync());
        await SettleAsync();
        Assert.False(server.IsListening);
        Assert.False(stopping.IsCompleted);
        await ThrowsAsync<ConnectionException>(async () => await TcpConnection.ConnectAsync(server.LocalEndPoint));
        client.Writer.Write("last\n");
        Assert.Equal("last", await client.Reader.ReadLineAsync());
        await stopping;
        Assert.Equal(0, server.ConnectionCount);
        await server.StopAsync();
        await server.DisposeAsync();
    });

    [Fact]
    [Trait("pitfall", "20")]
    public void After_the_grace_handlers_are_cancelled_and_awaited() => RunIntoTimeouts(async () =>
    {
        var cleanedUp = false;
        var server = TcpServer.Start(AnyPort, async connection =>
        {
            try
            {
                await connection.Reader.ReadToEndAsync();
            }
            finally
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(Second));
                cleanedUp = true;
            }
        });
        await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
        while (server.ConnectionCount == 0)
        {
            await Coroutine.Yield();
        }

        var began = EventLoop.Current.Now;
        await server.StopAsync(Second * 5);
        Assert.True(cleanedUp);
        Assert.Equal(Second * 6, EventLoop.Current.Now - began);
        Assert.Empty(Reports);
    });

    [Fact]
    [Trait("pitfall", "20")]
    public void A_handler_that_awaits_its_own_servers_stop_is_told_so_and_the_stop_does_not_hang() => Run(async () =>
    {
        TcpServer? server = null;
        Exception? told = null;
        LoopTask? stopping = null;
        server = TcpServer.Start(AnyPort, async connection =>
        {
            told = await ThrowsAsync<InvalidOperationException>(() => server!.StopAsync());
            stopping = LoopTask.Start(server!.StopAsync());
            connection.Writer.Write("stops"u8);
        });
        await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
        Assert.Equal("stops"u8.ToArray(), await client.Reader.ReadToEndAsync());
        await server.StopAsync();
        await stopping!;
        Assert.StartsWith($"A handler of the server at {server.LocalEndPoint} awaited the server's stop", told!.Message);
    });

    [Fact]
    public void Stopping_that_is_cancelled_cancels_the_handlers_at_once() => Run(async () =>
    {
        var server = TcpServer.Start(AnyPort, async connection => await connection.Reader.ReadToEndAsync());
        await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
        while (server.ConnectionCount == 0)
        {
            await Coroutine.Yield();
        }

        var began = EventLoop.Current.Now;
        await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel();
            await server.DisposeAsync();
        });
        Assert.Equal(began, EventLoop.Current.Now);
        Assert.Equal(0, server.ConnectionCount);
    });

    [Fact]
    public void Serving_ends_with_its_scope() => Run(async () =>
    {
        using var port = Network.Listen(AnyPort, new());
        var endPoint = (System.Net.IPEndPoint)port.LocalEndPoint;
        port.Dispose();
        var served = new AsyncManualResetEvent();
        await CancelScope.RunAsync(async scope =>
        {
            var talking = LoopTask.Start(async () =>
            {
                await using var client = await TcpConnection.ConnectAsync(endPoint);
                client.Writer.Write("hello\n");
                Assert.Equal("hello", await client.Reader.ReadLineAsync());
                scope.Cancel();
            });
            await TcpServer.ServeAsync(endPoint, EchoLineAsync);
            Assert.Fail("It ended without being cancelled.");
        });
        await ThrowsAsync<ConnectionException>(async () => await TcpConnection.ConnectAsync(endPoint));
    });

    [Fact]
    public void A_port_in_use_is_an_error_that_says_what_to_do() => Run(async () =>
    {
        await using var server = TcpServer.Start(AnyPort, EchoLineAsync);
        var failure = Assert.Throws<ConnectionException>(() => TcpServer.Start(server.LocalEndPoint, EchoLineAsync));
        Assert.Equal(SocketError.AddressAlreadyInUse, failure.ErrorCode);
        Assert.Equal(server.LocalEndPoint, failure.EndPoint);
        Assert.StartsWith($"Listening at {server.LocalEndPoint} failed: the address is in use; another socket listens there", failure.Message);
        failure = await ThrowsAsync<ConnectionException>(() => TcpServer.ServeAsync(server.LocalEndPoint, EchoLineAsync));
        Assert.Equal(SocketError.AddressAlreadyInUse, failure.ErrorCode);
    });

    private static async Coroutine EchoLineAsync(TcpConnection connection)
    {
        if (await connection.Reader.ReadLineAsync() is { } line)
        {
            connection.Writer.Write($"{line}\n");
        }
    }
}
