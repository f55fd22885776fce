using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

/// <summary>The connections that a client keeps: when one is used again, and when it is not.</summary>
public abstract class HttpConnectionTests(HttpRoute route) : HttpTests(route)
{
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    public sealed class OverLoop() : HttpConnectionTests(HttpRoute.Loop)
    {
        [Fact]
        public void On_a_loop_whose_poller_does_no_IO_the_connections_are_those_of_NET() => EventLoop.Run(
            async () =>
            {
                await using var server = new RawServer(ServeAsync);
                await using var http = NewClient();
                Assert.Throws<NotSupportedException>(() => EventLoop.Current.Network);
                Assert.Equal("hello", await http.GetStringAsync(server.Address));
            },
            new() { Poller = loop => new NoNetwork(loop) });

        [Fact]
        public void A_look_at_an_idle_connection_from_another_thread_leaves_it_usable() => Run(async () =>
        {
            await using var server = new RawServer(ServeAsync);
            await using var http = new LoopHttpClient(new()
            {
                // The handler looks at idle connections four times in that time, but not more often than once a second.
                ConfigureHandler = handler => handler.PooledConnectionIdleTimeout = Second * 4,
            });
            await http.GetStringAsync(server.Address);
            while (EventLoop.Current.Network.PendingOperations == 0)
            {
                // Real: the handler has a timer of its own, and nobody is told of it.
                await Task.Delay(20, CancellationToken.None);
            }

            Assert.Equal("hello", await http.GetStringAsync(server.Address));
            Assert.Equal(1, server.Connections);
        });
    }

    public sealed class OverPortablePoller() : HttpConnectionTests(HttpRoute.PortableLoop);

    public sealed class OverSystem() : HttpConnectionTests(HttpRoute.System);

    [Fact]
    public void A_connection_serves_one_request_after_the_other() => Run(async () =>
    {
        await using var server = new RawServer(ServeAsync);
        await using var http = NewClient();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("hello", await http.GetStringAsync(server.Address));
        }

        Assert.Equal(1, server.Connections);
    });

    [Fact]
    [Trait("rule", "13")]
    public void One_that_the_server_closed_while_it_was_idle_is_replaced_and_no_request_fails() => Run(async () =>
    {
        var closes = new TaskCompletionSource();
        var isClosed = new TaskCompletionSource();
        var count = 0;
        await using var server = new RawServer(async connection =>
        {
            if (Interlocked.Increment(ref count) > 1)
            {
                await ServeAsync(connection);
                return;
            }

            await connection.ReadHeadAsync();
            await connection.SendAsync(Answer);
            await closes.Task;
            connection.Dispose();
            isClosed.SetResult();
        });
        await using var http = NewClient();
        Assert.Equal("hello", await http.GetStringAsync(server.Address));

        // The loop is busy meanwhile and has not looked. A post is not sent a second time, so this one must be right.
        closes.SetResult();
        isClosed.Task.Wait(CancellationToken.None);
        using var body = new StringContent("body");
        Assert.Equal("hello", await (await http.PostAsync(server.Address, body)).ReadAsStringAsync());
        Assert.Equal(2, server.Connections);
    });

    [Fact]
    public void One_that_was_idle_for_too_long_is_closed() => Run(async () =>
    {
        var isClosed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(Answer);
            await connection.WaitForCloseAsync();
            isClosed.SetResult();
        });
        await using var http = new LoopHttpClient(new()
        {
            Transport = Transport,
            ConfigureHandler = handler => handler.PooledConnectionIdleTimeout = TimeSpan.FromMilliseconds(1),
        });
        await http.GetStringAsync(server.Address);

        // Real, a second: the handler has a timer of its own.
        await isClosed.Task;
    });

    [Fact]
    public void A_client_that_goes_on_to_another_loop_makes_new_connections_there()
    {
        var http = NewClient();
        RawServer? server = null;
        for (var i = 1; i <= 3; i++)
        {
            var loops = i;
            Run(async () =>
            {
                server ??= new RawServer(ServeAsync);
                using var body = new StringContent("body");
                Assert.Equal("hello", await (await http.PostAsync(server.Address, body)).ReadAsStringAsync());
                Assert.Equal("hello", await http.GetStringAsync(server.Address));

                // Sockets of the loop end with it; those of .NET know nothing of loops.
                Assert.Equal(Transport == HttpTransport.Loop ? loops : 1, server.Connections);
            });
        }

        Run(async () =>
        {
            await http.DisposeAsync();
            await server!.DisposeAsync();
        });
    }

    [Fact]
    public void A_body_that_its_loop_left_unread_holds_nobody_up()
    {
        var http = NewClient();
        var isClosed = new TaskCompletionSource();
        RawServer? server = null;
        Run(async () =>
        {
            server = new RawServer(async connection =>
            {
                await connection.ReadHeadAsync();
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\none\n");
                await connection.WaitForCloseAsync();
                isClosed.SetResult();
            });
            var response = await http.StreamAsync(server.Address);
            Assert.True(response.IsSuccess);
        });
        Run(async () =>
        {
            await http.DisposeAsync();
            await isClosed.Task;
            await server!.DisposeAsync();
        });
    }

    [Fact]
    public void Requests_that_wait_for_the_only_connection_get_it_in_turn() => Run(async () =>
    {
        await using var server = new RawServer(ServeAsync);
        await using var http = new LoopHttpClient(new() { Transport = Transport, MaxConnectionsPerServer = 1 });
        var answers = await Coroutine.WhenAll(Enumerable.Range(0, 30).Select(_ => http.GetStringAsync(server.Address)));
        Assert.All(answers, answer => Assert.Equal("hello", answer));
        Assert.Equal(1, server.Connections);
    });

    [Fact]
    public void A_request_can_be_sent_once() => Run(async () =>
    {
        await using var server = new RawServer(ServeAsync);
        await using var http = NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        await http.SendAsync(request);
        var failure = await ThrowsAsync<InvalidOperationException>(async () => await http.SendAsync(request));
        Assert.Contains("was sent before", failure.Message, StringComparison.Ordinal);
    });

    private static async Task ServeAsync(RawConnection connection)
    {
        while (await connection.ReadHeadAsync() is { } head)
        {
            if (head.StartsWith("POST", StringComparison.Ordinal))
            {
                await connection.ReadAsync("body".Length);
            }

            await connection.SendAsync(Answer);
        }
    }

    /// <summary>Only waits.</summary>
    private sealed class NoNetwork(EventLoop loop) : IPoller
    {
        private readonly INetworkPoller _real = Pollers.Default(loop);

        // Real: it is the loop's own wait, which passes it on.
        public void Wait(TimeSpan timeout) => _real.Wait(timeout);

        public void Wake() => _real.Wake();

        public void Dispose() => _real.Dispose();
    }
}
