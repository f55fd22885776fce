using System.Net;
using System.Net.Sockets;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

/// <summary>A cancellation at each await of an exchange: the server sees it end, nothing is left over, and the next request works.</summary>
[Trait("rule", "10")]
[Trait("rule", "13")]
public abstract class HttpCancellationTests(HttpRoute route) : HttpTests(route)
{
    public sealed class OverLoop() : HttpCancellationTests(HttpRoute.Loop);

    public sealed class OverPortablePoller() : HttpCancellationTests(HttpRoute.PortableLoop);

    public sealed class OverSystem() : HttpCancellationTests(HttpRoute.System);

    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    [Fact]
    [Trait("rule", "7")]
    public void Before_it_begins_nothing_is_sent() => Run(async () =>
    {
        var asked = 0;
        await using var http = new LoopHttpClient(new() { Handler = new Answering(_ => { asked++; return new(); }) });
        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel();
            await http.GetAsync("http://somewhere/");
        }));
        Assert.Equal(0, asked);
    });

    [Fact]
    public void While_it_connects_the_connecting_is_given_up_too() => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells, in /proc/net, which connections are being made.");

        // A connection in the backlog, and further ones are not answered, so connecting to it takes for ever.
        using var full = new Socket(SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(full.LocalEndPoint!).OrCanceled();

        await using var http = new LoopHttpClient(new() { Transport = Transport, MaxConnectionsPerServer = 1 });
        var address = $"http://{full.LocalEndPoint}/";
        await CancelledAsync(scope => http.GetAsync(address), async scope => await WaitUntilConnectingAsync((IPEndPoint)full.LocalEndPoint!));
        await WaitUntilConnectingAsync((IPEndPoint)full.LocalEndPoint!, isConnecting: false);
        Assert.Equal("HTTP client (0 running)", http.ToString());
    });

    [Fact]
    public void A_request_that_waits_for_a_connection_gets_one_when_the_one_that_was_connecting_is_cancelled() => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells, in /proc/net, which connections are being made.");
        using var full = new Socket(SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(full.LocalEndPoint!).OrCanceled();

        await using var http = new LoopHttpClient(new() { Transport = Transport, MaxConnectionsPerServer = 1 });
        var address = $"http://{full.LocalEndPoint}/";
        LoopTask<string>? waiting = null;
        await CancelledAsync(
            scope => http.GetAsync(address),
            async scope =>
            {
                await WaitUntilConnectingAsync((IPEndPoint)full.LocalEndPoint!);
                waiting = LoopTask.Start(http.GetStringAsync(address));
                await Coroutine.Yield();
            });
        await WaitUntilConnectingAsync((IPEndPoint)full.LocalEndPoint!);

        // Takes what has filled the backlog; the system then tries the other again, after a second.
        (await full.AcceptAsync().OrCanceled()).Dispose();
        first.Dispose();
        using var served = new RawConnection(await full.AcceptAsync().OrCanceled());
        await served.ReadHeadAsync();
        await served.SendAsync(Answer);
        Assert.Equal("hello", await waiting!);
    });

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel")]
    public void After_so_much_of_the_answer_the_server_sees_the_connection_closed(string part) => Run(async () =>
    {
        var isSent = new TaskCompletionSource();
        var isClosed = new TaskCompletionSource();
        var count = 0;
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            if (Interlocked.Increment(ref count) > 1)
            {
                await connection.SendAsync(Answer);
                return;
            }

            await connection.SendAsync(part);
            isSent.SetResult();
            await connection.WaitForCloseAsync();
            isClosed.SetResult();
        });
        await using var http = NewClient();
        await CancelledAsync(scope => http.GetAsync(server.Address), async scope => await isSent.Task);
        await isClosed.Task;
        Assert.Equal("HTTP client (0 running)", http.ToString());
        Assert.Equal("hello", await http.GetStringAsync(server.Address));
    });

    [Fact]
    public void In_the_middle_of_an_upload_the_server_sees_the_connection_closed() => Run(async () =>
    {
        var hasBegun = new TaskCompletionSource();
        var isClosed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            hasBegun.SetResult();
            await connection.WaitForCloseAsync();
            isClosed.SetResult();
        });
        await using var http = NewClient();
        using var body = new StreamContent(new Endless());
        await CancelledAsync(scope => http.PostAsync(server.Address, body), async scope => await hasBegun.Task);
        await isClosed.Task;
        Assert.Equal("HTTP client (0 running)", http.ToString());
    });

    [Fact]
    public void While_a_streamed_body_is_awaited_the_server_sees_the_connection_closed() => Run(async () =>
    {
        var isClosed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\none\n");
            await connection.WaitForCloseAsync();
            isClosed.SetResult();
        });
        await using var http = NewClient();
        await using var response = await http.StreamAsync(server.Address);
        var lines = new List<string>();

        // The scope that is cancelled is not the one that the request was sent in.
        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            await foreach (var line in response.ReadLinesAsync())
            {
                lines.Add(line);
                _ = LoopTask.Start(async () =>
                {
                    await Coroutine.Yield();
                    await Coroutine.Yield();
                    scope.Cancel("enough");
                });
            }
        }));
        Assert.Equal(["one"], lines);
        await isClosed.Task;
    });

    [Fact]
    [Trait("rule", "12")]
    public void A_response_outlives_the_inner_scope_that_it_was_got_in() => Run(async () =>
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(Answer);
            await connection.WaitForCloseAsync();
        });
        await using var http = NewClient();
        await using var response = await http.StreamAsync(server.Address).WithTimeout(Hour);
        Assert.Equal("hello", await response.ReadAsStringAsync());
    });

    [Fact]
    [Trait("rule", "12")]
    public void Disposing_of_a_response_in_a_cancelled_scope_closes_it_and_throws_nothing() => Run(async () =>
    {
        var isClosed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\none\n");
            await connection.WaitForCloseAsync();
            isClosed.SetResult();
        });
        await using var http = NewClient();
        var failure = new FormatException("the one to be seen");
        Assert.Same(failure, await ThrowsAsync<FormatException>(() => CancelScope.RunAsync(async scope =>
        {
            await using var response = await http.StreamAsync(server.Address);
            scope.Cancel();
            throw failure;
        })));
        await isClosed.Task;
    });

    [Fact]
    [Trait("pitfall", "6")]
    public void An_answer_that_comes_although_the_scope_was_cancelled_is_handed_over_and_not_lost() => Run(async () =>
    {
        var stream = new NoticedStream();
        await using var http = new LoopHttpClient(new()
        {
            Handler = new Answering(async (_, token) =>
            {
                // One that has its answer when it is told to stop.
                await Task.Delay(Timeout.Infinite, token).ContinueWith(static _ => { }, TaskScheduler.Default);
                return new HttpResponseMessage { Content = new StreamContent(stream) };
            }),
        });
        var hasAnswer = false;
        Assert.True(await CancelScope.RunAsync(async scope =>
        {
            CancelSoon(scope);
            await using var response = await http.StreamAsync("http://somewhere/");
            hasAnswer = response.IsSuccess;
        }));
        Assert.True(hasAnswer);
        Assert.True(stream.IsDisposed);
    });

    [Fact]
    [Trait("pitfall", "11")]
    public void An_answer_that_comes_long_after_the_cancellation_is_disposed_of() => RunIntoTimeouts(async () =>
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var stream = new NoticedStream();
        await using var http = new LoopHttpClient(new() { Handler = new Answering((_, _) => answer.Task) });
        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            CancelSoon(scope);
            await http.StreamAsync("http://somewhere/");
        }));

        // A handler that does not listen is left to itself after a grace.
        Assert.InRange(EventLoop.Current.Now, Second, Second * 10);
        Assert.Equal("HTTP client (0 running)", http.ToString());
        answer.SetResult(new HttpResponseMessage { Content = new StreamContent(stream) });
        await stream.Disposed;
    });

    [Fact]
    [Trait("pitfall", "6")]
    public void A_cancellation_in_the_turn_in_which_the_answer_came_does_not_leak_it() => Run(async () =>
    {
        for (var turns = 0; turns < 8; turns++)
        {
            var stream = new NoticedStream();
            await using var http = new LoopHttpClient(new()
            {
                Handler = new Answering(async (_, _) =>
                {
                    await Coroutine.Yield();
                    return new HttpResponseMessage { Content = new StreamContent(stream) };
                }),
            });
            await CancelScope.RunAsync(async scope =>
            {
                CancelSoon(scope, turns);
                await using var response = await http.StreamAsync("http://somewhere/");
                await response.ReadAsBytesAsync();
            });
            Assert.Equal("HTTP client (0 running)", http.ToString());
            Assert.True(stream.IsDisposed || !stream.IsTaken, $"leaked after {turns} turns");
        }

        // The cancelling ones have their turns still.
        await Coroutine.Delay(Second);
    });

    [Fact]
    [Trait("pitfall", "5")]
    [Trait("rule", "14")]
    public void What_is_thrown_is_the_scopes_own_with_its_reason() => Run(async () =>
    {
        await using var http = new LoopHttpClient(new()
        {
            // Real, and for ever: only its token ends it.
            Handler = new Answering((_, token) => Task.Delay(Timeout.Infinite, token).ContinueWith<HttpResponseMessage>(_ => throw new TaskCanceledException(), TaskScheduler.Default)),
        });
        await CancelScope.RunAsync(async scope =>
        {
            CancelSoon(scope);
            var thrown = await ThrowsAsync<ScopeCanceledException>(async () => await http.GetAsync("http://somewhere/"));
            Assert.Same(scope, thrown.Scope);
            Assert.Equal("enough", thrown.Reason);
        });
    });

    [Fact]
    public void Many_cancelled_at_once_leave_no_connection_behind() => Run(async () =>
    {
        const int Count = 20;
        var begun = new SemaphoreSlim(0);
        var closed = new SemaphoreSlim(0);
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            begun.Release();
            await connection.WaitForCloseAsync();
            closed.Release();
        });
        await using var http = NewClient();
        await TaskGroup.RunAsync(async group =>
        {
            for (var i = 0; i < Count; i++)
            {
                _ = group.Start(http.GetAsync(server.Address));
            }

            for (var i = 0; i < Count; i++)
            {
                await begun.WaitAsync().OrCanceled();
            }

            group.Cancel();
        });
        for (var i = 0; i < Count; i++)
        {
            await closed.WaitAsync().OrCanceled();
        }

        Assert.Equal("HTTP client (0 running)", http.ToString());
    });

    private static void CancelSoon(CancelScope scope, int turns = 3) => LoopTask.Start(async () =>
    {
        for (var i = 0; i < turns; i++)
        {
            await Coroutine.Yield();
        }

        scope.Cancel("enough");
    });

    /// <summary>Runs the request, cancels its scope when the other says so, and holds that it ends as cancelled.</summary>
    private static async Coroutine CancelledAsync(Func<CancelScope, Coroutine> request, Func<CancelScope, Coroutine> whenAsync)
    {
        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            _ = LoopTask.Start(async () =>
            {
                await whenAsync(scope);
                scope.Cancel("enough");
            });
            await request(scope);
        }));
    }

    /// <summary>Whether this machine is trying to connect to the address: Linux says so, and nobody else is told of it.</summary>
    private static async Coroutine WaitUntilConnectingAsync(IPEndPoint to, bool isConnecting = true)
    {
        // The remote address, of a socket for both kinds of addresses too, and SYN_SENT.
        var line = $"0100007F:{to.Port:X4} 02 ";
        while ((await ConnectionsAsync()).Contains(line, StringComparison.Ordinal) != isConnecting)
        {
            // Real: the system has no signal for it.
            await Task.Delay(5).OrCanceled();
        }

        static async Coroutine<string> ConnectionsAsync()
            => await File.ReadAllTextAsync("/proc/net/tcp").OrCanceled() + await File.ReadAllTextAsync("/proc/net/tcp6").OrCanceled();
    }

    private sealed class Endless : MemoryStream
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length);
    }

    private sealed class NoticedStream : MemoryStream
    {
        private readonly TaskCompletionSource _disposed = new();

        internal Task Disposed => _disposed.Task;

        internal bool IsDisposed => _disposed.Task.IsCompleted;

        internal bool IsTaken { get; private set; }

        public override bool CanRead => IsTaken = true;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _disposed.TrySetResult();
        }
    }
}
