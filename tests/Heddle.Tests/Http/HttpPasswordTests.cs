using System.Net;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

/// <summary>A password in an address, or in a proxy's, is in no text.</summary>
public sealed class HttpPasswordTests() : HttpTests(HttpRoute.Loop)
{
    private const string Password = "s3cret";

    [Fact]
    public void Of_an_answer_that_is_no_success_nor_of_an_answer_nor_of_what_a_task_waits_for() => Run(async () =>
    {
        var mayAnswer = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await mayAnswer.Task;
            await connection.SendAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            await connection.WaitForCloseAsync();
        });
        await using var http = NewClient();
        var asking = LoopTask.Start(http.GetAsync(WithPassword(server.Address)), "asking");
        await Coroutine.Yield();
        var snapshot = EventLoop.Current.Snapshot().ToString();
        mayAnswer.SetResult();
        await using var response = await asking;
        var failure = Assert.Throws<LoopHttpException>(() => response.EnsureSuccess());

        Assert.Contains("127.0.0.1", snapshot, StringComparison.Ordinal);
        AssertHidden(snapshot);
        AssertHidden($"{response}");
        AssertHidden($"{http}");
        AssertHidden($"{failure}");
        Assert.Equal($"me:{Password}", response.Address.UserInfo);
        Assert.Equal($"me:{Password}", failure.Address.UserInfo);
    });

    [Fact]
    public void Of_a_server_that_cannot_be_reached_or_is_silent() => RunIntoTimeouts(async () =>
    {
        await using var http = NewClient();
        AssertHidden($"{await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync($"http://me:{Password}@127.0.0.1:1/"))}");

        await using var silent = new RawServer(connection => connection.WaitForCloseAsync());
        AssertHidden($"{await ThrowsAsync<TimeoutException>(async () => await http.GetAsync(WithPassword(silent.Address)))}");
    });

    [Theory]
    [InlineData("http://me:s3cret@ho st/")]
    [InlineData("http://me:s3cret@host:port/")]
    [InlineData("http://me:s3cret/with@more@host/")]
    [InlineData("me:s3cret@example.org/path")]
    [InlineData("ftp://me:s3cret@example.org/")]
    [InlineData("//me:s3cret@example.org/")]
    public void Of_what_is_no_address_of_HTTP(string address) => Run(async () =>
    {
        await using var http = NewClient();
        var failure = await ThrowsAsync<ArgumentException>(async () => await http.GetAsync(address));
        AssertHidden($"{failure}");
    });

    [Fact]
    public void Of_a_base_address_that_is_none()
        => AssertHidden($"{Assert.Throws<ArgumentException>(() => new LoopHttpClient(new() { BaseAddress = new($"ftp://me:{Password}@example.org/") }))}");

    [Theory]
    [InlineData("http://me:s3cret@127.0.0.1:1/")]
    [InlineData("//me:s3cret@127.0.0.1:1/")]
    [InlineData("http://me:s3cret@{server}/")]
    public void Of_where_a_redirect_points(string location) => Run(async () =>
    {
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadHeadAsync() is { } head)
            {
                await connection.SendAsync($"HTTP/1.1 302 Found\r\nLocation: {location.Replace("{server}", head.Split("Host: ")[1].Split("\r\n")[0], StringComparison.Ordinal)}\r\nContent-Length: 0\r\n\r\n");
            }
        });
        await using var http = new LoopHttpClient(new() { Handler = new SocketsHttpHandler { AllowAutoRedirect = false }, MaxRedirects = 0 });
        AssertHidden($"{await ThrowsAsync<LoopHttpException>(async () => (await http.GetAsync(server.Address)).EnsureSuccess())}");

        await using var following = new LoopHttpClient(new() { MaxRedirects = 1 });
        AssertHidden($"{await ThrowsAsync<LoopHttpException>(async () => await following.GetAsync(server.Address))}");
    });

    [Fact]
    public void Of_a_proxy_that_refuses() => Run(async () =>
    {
        await using var proxy = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
            await connection.WaitForCloseAsync();
        });
        await using var http = new LoopHttpClient(new() { ConfigureHandler = handler => handler.Proxy = new WebProxy(WithPassword(proxy.Address)) });
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync("https://127.0.0.1:1/"));

        Assert.Equal(HttpRequestError.ProxyTunnelError, failure.HttpRequestError);
        Assert.Contains("407", failure.Message, StringComparison.Ordinal);
        AssertHidden($"{failure}");
    });

    [Fact]
    public void Of_a_request_that_a_handler_writes_down() => Run(async () =>
    {
        var written = "";
        await using var http = new LoopHttpClient(new()
        {
            DefaultHeaders = { ["Authorization"] = $"Bearer {Password}" },
            Handler = new Answering(request =>
            {
                written = $"{request}";
                return new HttpResponseMessage();
            }),
        });
        await http.GetAsync($"http://me:{Password}@example.org/path");

        Assert.Equal("GET http://example.org/path", written);
    });

    private static string WithPassword(string address) => address.Replace("//", $"//me:{Password}@", StringComparison.Ordinal);

    private static void AssertHidden(string text)
    {
        Assert.NotEmpty(text);
        Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
    }
}
