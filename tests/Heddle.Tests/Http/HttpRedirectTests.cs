using System.Net;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

/// <summary>What a redirect takes along, and what no header can carry.</summary>
public abstract class HttpRedirectTests(HttpRoute route) : HttpTests(route)
{
    public sealed class OverLoop() : HttpRedirectTests(HttpRoute.Loop);

    public sealed class OverPortablePoller() : HttpRedirectTests(HttpRoute.PortableLoop);

    public sealed class OverSystem() : HttpRedirectTests(HttpRoute.System);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_may_be_secret_goes_to_the_host_that_it_was_set_for_and_to_no_other(bool isOther) => Run(async () =>
    {
        var heads = new List<string>();
        await using var other = new RawServer(connection => AnswerAsync(connection, heads, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        await using var server = new RawServer(async connection =>
        {
            await AnswerAsync(connection, heads, $"HTTP/1.1 302 Found\r\nLocation: {(isOther ? other.Address : "/")}\r\nContent-Length: 0\r\n\r\n");
            await AnswerAsync(connection, heads, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        await using var http = new LoopHttpClient(new()
        {
            Transport = Transport,
            DefaultHeaders = { ["User-Agent"] = "test/1", ["X-Api-Key"] = "s3cret", ["Cookie"] = "manual=s3cret" },
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address)
        {
            Headers = { { "Authorization", "Bearer s3cret" }, { "X-Token", "s3cret" }, { "Referer", "http://example.org/?key=s3cret" }, { "Accept", "text/plain" } },
        };
        await http.SendAsync(request);
        Assert.Equal(2, heads.Count);
        Assert.Equal(5, heads[0].Split("s3cret").Length - 1);
        Assert.Equal(isOther ? 0 : 5, heads[1].Split("s3cret").Length - 1);
        Assert.All(heads, head => Assert.Contains("User-Agent: test/1\r\nAccept: text/plain", Sorted(head), StringComparison.Ordinal));
    });

    [Theory]
    [InlineData("POST", 301, "GET")]
    [InlineData("POST", 302, "GET")]
    [InlineData("PUT", 302, "PUT")]
    [InlineData("PUT", 303, "GET")]
    [InlineData("HEAD", 303, "HEAD")]
    [InlineData("POST", 307, "POST")]
    [InlineData("POST", 308, "POST")]
    public void A_method_stays_or_becomes_GET_as_browsers_do_it(string method, int status, string then) => Run(async () =>
    {
        var heads = new List<string>();
        await using var server = new RawServer(async connection =>
        {
            await AnswerAsync(connection, heads, $"HTTP/1.1 {status} Elsewhere\r\nLocation: there#here\r\nContent-Length: 0\r\n\r\n");
            await AnswerAsync(connection, heads, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        await using var http = new LoopHttpClient(new() { Transport = Transport });
        using var request = new HttpRequestMessage(new(method), $"{server.Address}folder/page") { Content = method == "HEAD" ? null : new StringContent("") };
        var response = await http.SendAsync(request);
        Assert.StartsWith($"{then} /folder/there HTTP", heads[1], StringComparison.Ordinal);
        Assert.Equal(then is "PUT" or "POST", heads[1].Contains("Content-Type", StringComparison.Ordinal));
        Assert.Equal($"{server.Address}folder/there#here", $"{response.Address}");
    });

    [Theory]
    [InlineData("a\r\nEvil: 1")]
    [InlineData("a\nEvil: 1")]
    [InlineData("a\0b")]
    public void No_header_can_begin_another(string value) => Run(async () =>
    {
        await using var server = new RawServer(connection => connection.WaitForCloseAsync());
        await using var http = new LoopHttpClient(new() { Transport = Transport });
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        Assert.True(request.Headers.TryAddWithoutValidation("X-Name", value));
        Assert.Contains("'X-Name'", (await ThrowsAsync<ArgumentException>(async () => await http.SendAsync(request))).Message, StringComparison.Ordinal);

        using var content = new StringContent("");
        Assert.True(content.Headers.TryAddWithoutValidation("X-Name", value));
        await ThrowsAsync<ArgumentException>(async () => await http.PostAsync(server.Address, content));

        Assert.True(http.DefaultHeaders.TryAddWithoutValidation("X-Name", value));
        await ThrowsAsync<ArgumentException>(async () => await http.GetAsync(server.Address));
        Assert.Equal(0, server.Connections);
    });

    private static async Task AnswerAsync(RawConnection connection, List<string> heads, string answer)
    {
        if (await connection.ReadHeadAsync() is { } head)
        {
            heads.Add(head);
            await connection.SendAsync(answer);
        }
    }

    /// <summary>The two lines in one order.</summary>
    private static string Sorted(string head) => string.Join("\r\n", head.Split("\r\n").Order(StringComparer.Ordinal).Reverse().Where(static line => line[..Math.Min(2, line.Length)] is "Us" or "Ac"));
}
