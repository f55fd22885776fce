using System.Net;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

[Trait("rule", "12")]
public abstract class HttpDisposalTests(HttpRoute route) : HttpTests(route)
{
    public sealed class OverLoop() : HttpDisposalTests(HttpRoute.Loop);

    public sealed class OverPortablePoller() : HttpDisposalTests(HttpRoute.PortableLoop);

    public sealed class OverSystem() : HttpDisposalTests(HttpRoute.System);

    [Fact]
    public void Disposing_of_the_client_cuts_off_what_runs_and_waits_for_it() => Run(async () =>
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
        var http = NewClient();
        var request = LoopTask.Start(async () => await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(server.Address)));
        await hasBegun.Task;
        await http.DisposeAsync();
        Assert.Equal("HTTP client (0 running)", http.ToString());
        Assert.Contains("disposed of", (await request).Message, StringComparison.Ordinal);
        await isClosed.Task;
        await ThrowsAsync<ObjectDisposedException>(async () => await http.GetAsync(server.Address));
        await http.DisposeAsync();
    });

    [Fact]
    public void A_body_of_a_client_that_was_disposed_of_fails_and_does_not_look_complete() => Run(async () =>
    {
        var isClosed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\none\n");
            await connection.WaitForCloseAsync();
            isClosed.SetResult();
        });
        var http = NewClient();
        await using var response = await http.StreamAsync(server.Address);
        var failure = await ThrowsAsync<LoopHttpException>(async () =>
        {
            await foreach (var _ in response.ReadChunksAsync())
            {
                await http.DisposeAsync();
            }
        });
        Assert.Contains("disposed of", failure.Message, StringComparison.Ordinal);
        await isClosed.Task;
    });

    [Fact]
    public void Disposing_of_a_response_that_another_task_reads_ends_the_reading() => Run(async () =>
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
            await connection.WaitForCloseAsync();
        });
        await using var http = NewClient();
        var response = await http.StreamAsync(server.Address);
        var reading = LoopTask.Start(async () => await ThrowsAsync<LoopHttpException>(async () => await response.ReadAsBytesAsync()));
        await Coroutine.Yield();
        await Coroutine.Yield();
        await response.DisposeAsync();
        Assert.Contains("cut off", (await reading).Message, StringComparison.Ordinal);
        await response.DisposeAsync();
    });

    [Fact]
    public void Disposing_of_the_client_in_a_cancelled_scope_still_waits_and_throws_nothing() => Run(async () =>
    {
        var hasBegun = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            hasBegun.SetResult();
            await connection.WaitForCloseAsync();
        });
        var http = NewClient();
        var request = LoopTask.Start(async () => await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(server.Address)));
        await hasBegun.Task;
        await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel();
            await http.DisposeAsync();
            Assert.Equal("HTTP client (0 running)", http.ToString());
        });
        await request;
    });

    [Fact]
    public async Task Without_a_loop_an_idle_client_can_be_disposed_of()
    {
        await NewClient().DisposeAsync();
        await using var http = NewClient();
    }

    [Fact]
    public void Responses_that_nobody_disposes_of_are_closed_when_they_are_collected() => Run(async () =>
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
            await connection.WaitForCloseAsync();
        });
        await using var http = NewClient();
        await using var kept = await http.StreamAsync(server.Address);
        for (var i = 0; i < 10; i++)
        {
            await DropAsync(http, server.Address);
        }

        for (var i = 0; http.ToString() != "HTTP client (1 running)"; i++)
        {
            Assert.True(i < 100, $"{http}");
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        Assert.Equal(11, server.Connections);
    });

    private static async Coroutine DropAsync(LoopHttpClient http, string address) => _ = await http.StreamAsync(address);
}
