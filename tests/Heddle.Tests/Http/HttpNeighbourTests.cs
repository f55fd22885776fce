using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Heddle.Tests.Net;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

/// <summary>A request that ends early harms no other, whose connection may have been begun for it.</summary>
[Trait("rule", "13")]
public abstract class HttpNeighbourTests(HttpRoute route) : HttpTests(route), IDisposable
{
    public sealed class OverLoop() : HttpNeighbourTests(HttpRoute.Loop);

    public sealed class OverPortablePoller() : HttpNeighbourTests(HttpRoute.PortableLoop);

    public sealed class OverSystem() : HttpNeighbourTests(HttpRoute.System);

    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly X509Certificate2 _certificate = Certificates.SelfSigned("127.0.0.1");

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public void Cancelled_as_its_connection_is_accepted_the_next_in_line_is_answered() => Run(async () =>
    {
        for (var round = 0; round < 40; round++)
        {
            var accepted = new TaskCompletionSource();
            await using var server = new RawServer(async connection =>
            {
                accepted.TrySetResult();
                await AnswerAsync(connection);
            });
            await using var http = NewClient(limit: 1);
            var cancelled = LoopTask.Start(http.GetStringAsync(server.Address), "cancelled");
            var innocent = LoopTask.Start(http.GetStringAsync(server.Address), "innocent");
            await accepted.Task;
            cancelled.Cancel("not wanted any more");

            Assert.Equal("ok", await innocent);
            await WaitForEndAsync(cancelled);
        }
    });

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Cancelled_at_any_turn_the_next_in_line_is_answered(bool isSecure, bool inTunnel) => Run(async () =>
    {
        for (var turns = 0; turns < 40; turns++)
        {
            await using var server = new RawServer(connection => AnswerAsync(connection, isSecure));
            await using var proxy = new ConnectProxy();
            await using var http = NewClient(limit: 1, proxy: inTunnel ? proxy : null);
            var address = isSecure ? server.SecureAddress : server.Address;
            var cancelled = LoopTask.Start(http.GetStringAsync(address), "cancelled");
            var innocent = LoopTask.Start(http.GetStringAsync(address), "innocent");
            for (var turn = 0; turn < turns; turn++)
            {
                await TurnAsync(turn);
            }

            cancelled.Cancel("not wanted any more");
            Assert.Equal("ok", await innocent);
            await WaitForEndAsync(cancelled);
        }
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cancelled_in_the_handshake_the_next_in_line_is_answered(bool byTimeout) => RunIntoTimeouts(
        async () =>
        {
            var hasBegun = new TaskCompletionSource();
            var count = 0;
            await using var server = new RawServer(async connection =>
            {
                if (Interlocked.Increment(ref count) == 1)
                {
                    await connection.ReadAsync(1);
                    hasBegun.SetResult();
                    await connection.WaitForCloseAsync();
                    return;
                }

                await AnswerAsync(connection, isSecure: true);
            });
            await using var http = NewClient(limit: 1, timeout: Timeout.InfiniteTimeSpan);
            var cancelled = LoopTask.Start(http.GetStringAsync(server.SecureAddress, byTimeout ? Second : Hour), "cancelled");

            // Awaited from the start: on a busy machine the clock may go far before the other one is answered.
            var end = LoopTask.Start(WaitForEndAsync(cancelled));
            await HappensAsync(hasBegun.Task);

            // Not before: the handler may take requests that come together in any order, and the first connection must not be this one's.
            var innocent = LoopTask.Start(http.GetStringAsync(server.SecureAddress), "innocent");
            await Coroutine.Yield();
            if (!byTimeout)
            {
                cancelled.Cancel("not wanted any more");
            }

            Assert.Equal("ok", await innocent);
            await end;
        },
        TimeSpan.FromSeconds(1));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cancelled_while_the_proxy_opens_its_tunnel_the_next_in_line_is_answered(bool byTimeout) => RunIntoTimeouts(
        async () =>
        {
            var isAsked = new TaskCompletionSource();
            var mayGoOn = new TaskCompletionSource();
            await using var server = new RawServer(connection => AnswerAsync(connection, isSecure: true));
            await using var proxy = new ConnectProxy(async () =>
            {
                isAsked.TrySetResult();
                await mayGoOn.Task;
            });
            await using var http = NewClient(limit: 1, proxy, Timeout.InfiniteTimeSpan);
            var cancelled = LoopTask.Start(http.GetStringAsync(server.SecureAddress, byTimeout ? Second : Hour), "cancelled");

            // Awaited from the start: on a busy machine the clock may go far before the other one is answered.
            var end = LoopTask.Start(WaitForEndAsync(cancelled));
            var innocent = LoopTask.Start(http.GetStringAsync(server.SecureAddress), "innocent");
            await HappensAsync(isAsked.Task);
            if (!byTimeout)
            {
                cancelled.Cancel("not wanted any more");
            }

            await end;
            mayGoOn.SetResult();
            Assert.Equal("ok", await innocent);
        },
        TimeSpan.FromSeconds(1));

    [Fact]
    public void A_connection_that_was_begun_for_a_request_that_was_then_redirected_does_not_end_with_it() => Run(async () =>
    {
        // The request's own connection is held in its handshake, so it is answered on another, and sent elsewhere: it has two handshakes now.
        var isHeld = new TaskCompletionSource();
        var mayShakeHands = new TaskCompletionSource();
        var isBusy = new TaskCompletionSource();
        var mayBeIdle = new TaskCompletionSource();
        var isElsewhere = new TaskCompletionSource();
        var bothAsk = new TaskCompletionSource();
        var mayAnswerBoth = new TaskCompletionSource();
        var (connections, asking) = (0, 0);
        await using var elsewhere = new RawServer(async connection =>
        {
            await connection.SecureAsync(_certificate);
            await connection.ReadHeadAsync();
            isElsewhere.SetResult();
            await connection.WaitForCloseAsync();
        });
        await using var server = new RawServer(async connection =>
        {
            if (Interlocked.Increment(ref connections) == 2)
            {
                isHeld.SetResult();
                await mayShakeHands.Task;
            }

            await connection.SecureAsync(_certificate);
            while (await connection.ReadHeadAsync() is { } head)
            {
                if (head.Contains("/busy", StringComparison.Ordinal))
                {
                    isBusy.SetResult();
                    await mayBeIdle.Task;
                }
                else if (head.Contains("/moved", StringComparison.Ordinal))
                {
                    await connection.SendAsync($"HTTP/1.1 302 Found\r\nLocation: {elsewhere.SecureAddress}\r\nContent-Length: 0\r\n\r\n");
                    continue;
                }
                else
                {
                    if (Interlocked.Increment(ref asking) == 2)
                    {
                        bothAsk.SetResult();
                    }

                    await mayAnswerBoth.Task;
                }

                await connection.SendAsync(Answer);
            }
        });
        await using var http = NewClient(limit: 2);
        var busy = LoopTask.Start(http.GetStringAsync(server.SecureAddress + "busy"), "busy");
        await isBusy.Task;
        var moved = LoopTask.Start(http.GetStringAsync(server.SecureAddress + "moved"), "moved");
        await isHeld.Task;
        mayBeIdle.SetResult();
        Assert.Equal("ok", await busy);
        await isElsewhere.Task;
        mayShakeHands.SetResult();
        var one = LoopTask.Start(http.GetStringAsync(server.SecureAddress), "one");
        var two = LoopTask.Start(http.GetStringAsync(server.SecureAddress), "two");
        await bothAsk.Task;

        moved.Cancel("not wanted any more");
        await WaitForEndAsync(moved);
        mayAnswerBoth.SetResult();

        Assert.Equal(("ok", "ok", 2), (await one, await two, server.Connections));
    });

    [Fact]
    public void With_a_filter_of_the_users_a_connection_does_not_end_with_its_first_request_either() => Run(async () =>
    {
        var isFiltering = new TaskCompletionSource();
        var mayGoOn = new TaskCompletionSource();
        await using var server = new RawServer(connection => AnswerAsync(connection));
        await using var http = new LoopHttpClient(new()
        {
            Transport = Transport,
            MaxConnectionsPerServer = 1,
            ConfigureHandler = handler => handler.PlaintextStreamFilter = async (context, _) =>
            {
                isFiltering.TrySetResult();
                await mayGoOn.Task;
                return context.PlaintextStream;
            },
        });
        var cancelled = LoopTask.Start(http.GetStringAsync(server.Address), "cancelled");
        var innocent = LoopTask.Start(http.GetStringAsync(server.Address), "innocent");
        await isFiltering.Task;
        cancelled.Cancel("not wanted any more");
        await WaitForEndAsync(cancelled);
        mayGoOn.SetResult();

        Assert.Equal("ok", await innocent);
        Assert.Equal(1, server.Connections);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Among_many_of_which_half_are_cancelled_at_random_the_others_are_all_answered(bool isSecure) => Run(async () =>
    {
        const int Requests = 200;
        var random = new Random(17);
        await using var server = new RawServer(connection => AnswerAsync(connection, isSecure, echoes: true));
        await using var http = NewClient(limit: int.MaxValue);
        var address = isSecure ? server.SecureAddress : server.Address;
        await TaskGroup.RunAsync(async group =>
        {
            for (var worker = 0; worker < 4; worker++)
            {
                var number = worker;
                _ = group.Start(async () =>
                {
                    for (var i = 0; i < Requests; i++)
                    {
                        Assert.Equal($"/{number}-{i}", await http.GetStringAsync($"{address}{number}-{i}"));
                    }
                });
                _ = group.Start(async () =>
                {
                    for (var i = 0; i < Requests; i++)
                    {
                        var asking = LoopTask.Start(http.GetStringAsync($"{address}x"), "cancelled");
                        for (var turns = random.Next(12); turns > 0; turns--)
                        {
                            await Coroutine.Yield();
                        }

                        asking.Cancel("at random");
                        await WaitForEndAsync(asking);
                    }
                });
            }
        });
    });

    [Fact]
    public void A_client_that_is_disposed_of_while_it_connects_ends_its_own_requests_and_no_others() => Run(async () =>
    {
        for (var turns = 0; turns < 20; turns++)
        {
            await using var server = new RawServer(connection => AnswerAsync(connection, isSecure: true));
            await using var other = NewClient(limit: 1);
            var disposed = NewClient(limit: 1);
            LoopTask<string>[] asking = [.. Enumerable.Range(0, 3).Select(_ => LoopTask.Start(disposed.GetStringAsync(server.SecureAddress), "asking"))];
            var innocent = LoopTask.Start(other.GetStringAsync(server.SecureAddress), "innocent");
            for (var turn = 0; turn < turns; turn++)
            {
                await TurnAsync(turn);
            }

            await disposed.DisposeAsync();
            foreach (var task in asking)
            {
                try
                {
                    Assert.Equal("ok", await task);
                }
                catch (Exception ended) when (ended is LoopHttpException or ObjectDisposedException)
                {
                }
            }

            Assert.Equal("ok", await innocent);
        }
    });

    private async Task AnswerAsync(RawConnection connection, bool isSecure = false, bool echoes = false)
    {
        if (isSecure)
        {
            await connection.SecureAsync(_certificate);
        }

        while (await connection.ReadHeadAsync() is { } head)
        {
            var path = head.Split(' ')[1];
            await connection.SendAsync(echoes ? $"HTTP/1.1 200 OK\r\nContent-Length: {path.Length}\r\n\r\n{path}" : Answer);
        }
    }

    private static async Coroutine TurnAsync(int turn)
    {
        await Coroutine.Yield();
        if (turn % 3 == 0)
        {
            // Real, so that the last turns come when the exchange, which waits for a real server, has come far.
            await Task.Delay(1).OrCanceled();
        }
    }

    /// <summary>In whichever way it ends: it may have been answered before it was cancelled.</summary>
    private static async Coroutine WaitForEndAsync(LoopTask<string> task)
    {
        try
        {
            await task;
        }
        catch (Exception ended) when (ended is LoopTaskCanceledException or TimeoutException)
        {
        }
    }

    private LoopHttpClient NewClient(int limit, ConnectProxy? proxy = null, TimeSpan? timeout = null) => new(new()
    {
        Transport = Transport,
        MaxConnectionsPerServer = limit,
        Timeout = timeout ?? Hour,
        UseProxy = proxy is not null,
        ConfigureHandler = handler =>
        {
            handler.Proxy = proxy?.Proxy;
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Certificates.Trusting(_certificate) };
        },
    });
}
