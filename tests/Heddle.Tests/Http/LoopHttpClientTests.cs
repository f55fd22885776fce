using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

public abstract partial class LoopHttpClientTests(WebServer server, HttpRoute route) : HttpTests(route), IClassFixture<WebServer>
{
    public sealed class OverLoop(WebServer server) : LoopHttpClientTests(server, HttpRoute.Loop);

    public sealed class OverPortablePoller(WebServer server) : LoopHttpClientTests(server, HttpRoute.PortableLoop);

    public sealed class OverSystem(WebServer server) : LoopHttpClientTests(server, HttpRoute.System);

    [Fact]
    public void Every_method_of_HTTP_is_sent_as_such() => WithClient(async http =>
    {
        using var body = new StringContent("body");
        Assert.StartsWith("GET /echo?a=1 ", await (await http.GetAsync("echo?a=1")).ReadAsStringAsync());
        Assert.StartsWith("DELETE /echo ", await (await http.DeleteAsync("echo")).ReadAsStringAsync());
        Assert.EndsWith(" body", await (await http.PostAsync("echo", body)).ReadAsStringAsync());
        Assert.StartsWith("PUT /echo ", await (await http.PutAsync("echo", body)).ReadAsStringAsync());
        Assert.StartsWith("PATCH /echo ", await (await http.PatchAsync("echo", body)).ReadAsStringAsync());
        Assert.StartsWith("POST /echo [] ", await (await http.PostAsync("echo")).ReadAsStringAsync());
        var head = await http.HeadAsync("bytes/10");
        Assert.Equal(10, head.ContentHeaders.ContentLength);
        Assert.Empty(await head.ReadAsBytesAsync());
    });

    [Fact]
    [Trait("rule", "2")]
    public void A_request_is_cold_and_nothing_is_sent_before_it_is_awaited() => Run(async () =>
    {
        var asked = 0;
        await using var http = new LoopHttpClient(new() { Handler = new Answering(_ => { asked++; return new(); }) });
        var request = http.GetAsync("http://somewhere/");
        await Coroutine.Yield();
        Assert.Equal(0, asked);
        await request;
        Assert.Equal(1, asked);
    });

    [Fact]
    [Trait("rule", "1")]
    public void The_code_after_an_exchange_runs_on_the_loops_thread() => WithClient(async http =>
    {
        var thread = Environment.CurrentManagedThreadId;
        await http.GetAsync("hello");
        Assert.Equal(thread, Environment.CurrentManagedThreadId);
        await using var response = await http.StreamAsync("big");
        await foreach (var _ in response.ReadChunksAsync())
        {
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
        }
    });

    [Fact]
    public void A_relative_address_is_joined_with_the_base_address() => Run(async () =>
    {
        await using var http = new LoopHttpClient(new() { Transport = Transport, BaseAddress = new(server.Address + "api/v1/") });
        Assert.StartsWith("GET /api/v1/echo ", await http.GetStringAsync("echo"));
        Assert.StartsWith("GET /echo ", await http.GetStringAsync("/echo"));
        Assert.StartsWith("GET /echo ", await http.GetStringAsync(server.Address + "echo"));
    });

    [Fact]
    public void Default_headers_go_with_every_request_and_one_of_the_request_wins() => Run(async () =>
    {
        await using var http = new LoopHttpClient(new()
        {
            Transport = Transport,
            BaseAddress = new(server.Address),
            DefaultHeaders = { ["User-Agent"] = "tests/1 (me@example.org)", ["X-Test"] = "usual" },
        });
        Assert.Contains("[tests/1 (me@example.org)] [usual]", await http.GetStringAsync("echo"), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, "echo") { Headers = { { "X-Test", "special" } } };
        Assert.Contains("[special]", await (await http.SendAsync(request)).ReadAsStringAsync(), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("Content-Type", "text/plain")]
    [InlineData("Bad Name", "x")]
    [InlineData("X-Split", "a\r\nX-Smuggled: b")]
    [Trait("rule", "19")]
    public void What_cannot_be_a_default_header_is_refused(string name, string value)
        => Assert.Contains(name, Assert.Throws<ArgumentException>(
            () => new LoopHttpClient(new() { Transport = Transport, DefaultHeaders = { [name] = value } })).Message, StringComparison.Ordinal);

    [Fact]
    public void Json_goes_and_comes_with_generated_metadata_and_by_reflection() => WithClient(async http =>
    {
        Assert.Equal(new Point(3, 4), await http.GetJsonAsync("point", Shapes.Default.Point));
        Assert.Equal(new Point(3, 4), await http.GetJsonAsync<Point>("point"));
        var swapped = await http.PostJsonAsync("swap", new Point(1, 2), Shapes.Default.Point);
        Assert.Equal(new Point(2, 1), await swapped.EnsureSuccess().ReadAsJsonAsync(Shapes.Default.Point));
        Assert.Equal(new Point(6, 5), await (await http.PostJsonAsync("swap", new Point(5, 6))).ReadAsJsonAsync<Point>());
        Assert.Contains("[application/json; charset=utf-8]", await (await http.PutJsonAsync("echo", 1)).ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.StartsWith("PATCH", await (await http.PatchJsonAsync("echo", 1)).ReadAsStringAsync());
    });

    [Fact]
    [Trait("rule", "19")]
    public void What_is_no_json_says_what_came_instead() => WithClient(async http =>
    {
        var failure = await ThrowsAsync<JsonException>(async () => await http.GetJsonAsync<Point>("page"));
        Assert.Contains("text/html", failure.Message, StringComparison.Ordinal);
        Assert.Contains("sign-in", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_form_is_sent_as_a_browser_does() => WithClient(async http =>
    {
        var answer = await http.PostFormAsync("form", [new("name", "Ann & Bob"), new("tag", "a"), new("tag", "ü")]);
        Assert.Equal("name=Ann & Bob;tag=a,ü", await answer.ReadAsStringAsync());
    });

    [Fact]
    public void A_file_is_uploaded_from_the_disk() => WithClient(async http =>
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "begin" + new string('x', 1_000_000)).OrCanceled();
            using var form = new MultipartFormDataContent
            {
                { new StringContent("a note"), "note" },
                { new FileContent(path, "text/plain"), "file", "report.txt" },
            };
            Assert.Equal("a note|file|report.txt|text/plain|1000005|begin", await (await http.PostAsync("upload", form)).ReadAsStringAsync());
        }
        finally
        {
            File.Delete(path);
        }
    });

    [Fact]
    public void A_form_with_a_file_is_sent_again_after_a_redirect_that_keeps_the_method() => WithClient(async http =>
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "begin" + new string('x', 200_000)).OrCanceled();
            using var form = new MultipartFormDataContent
            {
                { new StringContent("a note"), "note" },
                { new FileContent(path, "text/plain"), "file", "report.txt" },
            };
            Assert.Equal("a note|file|report.txt|text/plain|200005|begin", await (await http.PostAsync("moved-upload", form)).ReadAsStringAsync());
        }
        finally
        {
            File.Delete(path);
        }
    });

    [Fact]
    public void Of_a_file_in_a_form_that_grows_as_much_is_sent_as_was_announced() => WithClient(async http =>
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "begin").OrCanceled();
            using var form = new MultipartFormDataContent
            {
                { new StringContent("a note"), "note" },
                { new FileContent(path, "text/plain"), "file", "report.txt" },
            };
            Assert.NotNull(form.Headers.ContentLength);
            await File.AppendAllTextAsync(path, "and more").OrCanceled();
            Assert.Equal("a note|file|report.txt|text/plain|5|begin", await (await http.PostAsync("upload", form)).ReadAsStringAsync());
        }
        finally
        {
            File.Delete(path);
        }
    });

    [Fact]
    public void A_file_that_is_not_there_is_named() => WithClient(async http =>
    {
        using var file = new FileContent("/no/such/file");
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.PutAsync("echo", file));
        Assert.Contains("/no/such/file", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_stream_is_uploaded_as_it_is_read_and_a_redirect_that_keeps_the_method_sends_the_file_again() => WithClient(async http =>
    {
        using var stream = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(new string('y', 200_000) + "!")));
        Assert.EndsWith("yy!", await (await http.PostAsync("echo", stream)).ReadAsStringAsync());
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, new string('z', 200_000) + "?").OrCanceled();
            using var file = new FileContent(path);
            Assert.EndsWith("zz?", await (await http.PostAsync("moved", file)).ReadAsStringAsync());
        }
        finally
        {
            File.Delete(path);
        }
    });

    [Fact]
    public void Cookies_are_kept_and_sent_back() => WithClient(async http =>
    {
        await http.GetAsync("set-cookie");
        Assert.Equal("taste=salty", await http.GetStringAsync("cookies"));
        Assert.Equal("salty", http.Cookies!.GetCookies(new Uri(server.Address)).Single().Value);
    });

    [Fact]
    public void Cookies_can_be_turned_off() => Run(async () =>
    {
        await using var http = new LoopHttpClient(new() { Transport = Transport, BaseAddress = new(server.Address), Cookies = null });
        await http.GetAsync("set-cookie");
        Assert.Equal("", await http.GetStringAsync("cookies"));
    });

    [Fact]
    public void Redirects_are_followed_and_the_last_address_is_known() => WithClient(async http =>
    {
        var response = await http.GetAsync("redirect/3");
        Assert.Equal("hello", await response.ReadAsStringAsync());
        Assert.Equal("/hello", response.Address.AbsolutePath);
    });

    [Fact]
    [Trait("rule", "19")]
    public void A_loop_of_redirects_ends_with_an_error() => Run(async () =>
    {
        await using var http = new LoopHttpClient(new() { Transport = Transport, BaseAddress = new(server.Address), MaxRedirects = 3 });
        Assert.Equal("hello", await http.GetStringAsync("redirect/3"));
        Assert.Contains("after 3 redirects", (await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync("redirect/4"))).Message, StringComparison.Ordinal);
        await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync("loop"));
    });

    [Fact]
    public void Redirects_can_be_taken_as_they_are() => Run(async () =>
    {
        await using var http = new LoopHttpClient(new() { Transport = Transport, BaseAddress = new(server.Address), MaxRedirects = 0 });
        var response = await http.GetAsync("redirect/1");
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/hello", response.Headers.Location!.OriginalString);
    });

    [Fact]
    public void A_compressed_body_comes_decompressed() => WithClient(async http =>
    {
        var response = await http.GetAsync("big");
        Assert.Equal(300_000, (await response.ReadAsStringAsync()).Length);
        Assert.Empty(response.ContentHeaders.ContentEncoding);
        _ = response.ContentHeaders.ContentLength;
    });

    [Fact]
    public void Text_is_decoded_by_its_charset_and_an_unknown_one_is_named() => WithClient(async http =>
    {
        Assert.Equal("café", await http.GetStringAsync("latin"));
        var failure = await ThrowsAsync<NotSupportedException>(async () => await http.GetStringAsync("klingon"));
        Assert.Contains("x-klingon", failure.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], await http.GetBytesAsync("klingon"));
    });

    [Theory]
    [InlineData("utf8")]
    [InlineData("UTF8")]
    [InlineData("'utf-8'")]
    [InlineData("\"utf8\"")]
    [InlineData("unicode-1-1-utf-8")]
    [InlineData("ISO8859-1")]
    public void A_charset_may_be_written_as_the_web_writes_it(string charset) => HttpRun.Run(async () =>
    {
        var isLatin = charset.StartsWith("ISO", StringComparison.Ordinal);
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadHeadAsync() is not null)
            {
                await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset={charset}\r\nContent-Length: {(isLatin ? 4 : 5)}\r\n\r\n");
                await connection.SendAsync(isLatin ? [0x63, 0x61, 0x66, 0xe9] : "café"u8.ToArray());
            }
        });
        await using var http = new LoopHttpClient();
        Assert.Equal("café", await http.GetStringAsync(server.Address));
        await using var response = await http.StreamAsync(server.Address);
        await foreach (var line in response.ReadLinesAsync())
        {
            Assert.Equal("café", line);
        }
    });

    [Theory]
    [InlineData("myapp://callback/path?code=1")]
    [InlineData("ftp://127.0.0.1:{port}/file")]
    [InlineData("mailto:somebody@example.org")]
    [Trait("rule", "19")]
    public void A_redirect_to_what_is_not_HTTP_is_not_followed_and_said_so(string location) => HttpRun.Run(async () =>
    {
        await using var ftp = new RawServer(connection => connection.WaitForCloseAsync());
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync($"HTTP/1.1 302 Found\r\nLocation: {location.Replace("{port}", $"{ftp.Port}", StringComparison.Ordinal)}\r\nContent-Length: 0\r\n\r\n");
        });
        await using var http = new LoopHttpClient();
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(server.Address));
        Assert.Contains(location.Split(':')[0], failure.Message, StringComparison.Ordinal);
        Assert.Contains("only http and https can be asked", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, ftp.Connections);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "19")]
    public void What_is_not_HTTP_is_not_asked_over_a_kept_connection_or_a_proxy_either(bool isProxy) => HttpRun.Run(async () =>
    {
        var requests = 0;
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadHeadAsync() is { } head)
            {
                Interlocked.Increment(ref requests);
                var isFirst = head.Contains("/first", StringComparison.Ordinal);
                await connection.SendAsync(isFirst
                    ? $"HTTP/1.1 302 Found\r\nLocation: ftp://{head.Split("Host: ")[1].Split("\r\n")[0]}/file\r\nContent-Length: 0\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
            }
        });
        await using var http = new LoopHttpClient(new()
        {
            UseProxy = isProxy,
            ConfigureHandler = handler => handler.Proxy = isProxy ? new WebProxy(server.Address) : null,
        });
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync((isProxy ? "http://192.0.2.1:8080/" : server.Address) + "first"));
        Assert.StartsWith("GET ftp://", failure.Message, StringComparison.Ordinal);
        Assert.Contains("only http and https can be asked", failure.Message, StringComparison.Ordinal);
        Assert.Equal("HTTP client (0 running)", http.ToString());
        Assert.Equal(1, requests);
    });

    [Fact]
    [Trait("rule", "19")]
    public void A_failure_after_a_redirect_names_the_server_that_failed() => HttpRun.Run(async () =>
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/elsewhere\r\nContent-Length: 0\r\n\r\n");
        });
        await using var http = new LoopHttpClient();
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(server.Address));
        Assert.StartsWith("GET http://127.0.0.1:1/elsewhere failed: nobody listens at 127.0.0.1:1.", failure.Message, StringComparison.Ordinal);
        Assert.Equal("http://127.0.0.1:1/elsewhere", $"{failure.Address}");
    });

    [Fact]
    [Trait("rule", "19")]
    public void A_status_fails_only_whoever_asked_for_success() => WithClient(async http =>
    {
        var response = await http.GetAsync("status/404?key=secret");
        Assert.False(response.IsSuccess);
        Assert.Equal("status 404", await response.ReadAsStringAsync());
        var failure = Assert.Throws<LoopHttpException>(() => response.EnsureSuccess());
        Assert.Equal(HttpStatusCode.NotFound, failure.StatusCode);
        Assert.Equal(HttpMethod.Get, failure.Method);
        Assert.Contains("404", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.Contains("secret", failure.Address.Query, StringComparison.Ordinal);
        Assert.Same(response, await Coroutine.FromResult(response));
        await ThrowsAsync<LoopHttpException>(async () => await http.GetStringAsync("status/500"));
    });

    [Fact]
    public void Headers_such_as_Retry_After_can_be_read() => WithClient(async http =>
        Assert.Equal(TimeSpan.FromSeconds(7), (await http.GetAsync("busy")).Headers.RetryAfter!.Delta));

    [Fact]
    public void A_body_over_the_limit_fails_and_can_be_streamed() => Run(async () =>
    {
        await using var http = new LoopHttpClient(new() { Transport = Transport, BaseAddress = new(server.Address), MaxBufferedBytes = 1000 });
        Assert.Equal(1000, (await http.GetBytesAsync("bytes/1000")).Length);
        Assert.Contains("1000 bytes", (await ThrowsAsync<LoopHttpException>(async () => await http.GetBytesAsync("bytes/1001"))).Message, StringComparison.Ordinal);
        await ThrowsAsync<LoopHttpException>(async () => await http.GetBytesAsync("big"));
        await using var response = await http.StreamAsync("bytes/1001");
        var count = 0;
        await foreach (var piece in response.ReadChunksAsync())
        {
            count += piece.Length;
        }

        Assert.Equal(1001, count);
    });

    [Fact]
    public void Requests_side_by_side_are_answered_each_with_its_own() => WithClient(async http =>
    {
        var answers = await Coroutine.WhenAll(Enumerable.Range(1, 50).Select(i => http.GetBytesAsync($"bytes/{i}")));
        Assert.Equal(Enumerable.Range(1, 50), answers.Select(answer => answer.Length));
    });

    [Fact]
    public void A_given_HttpClient_is_used_and_not_disposed_of() => Run(async () =>
    {
        using var inner = new HttpClient { BaseAddress = new(server.Address) };
        await using (var http = new LoopHttpClient(inner))
        {
            Assert.Equal("hello", await http.GetStringAsync("hello"));
        }

        Assert.Equal("hello", await inner.GetStringAsync(new Uri("hello", UriKind.Relative)).OrCanceled());
    });

    [Fact]
    [Trait("rule", "19")]
    public void A_certificate_that_is_not_trusted_is_refused_unless_the_handler_takes_it() => Run(async () =>
    {
        await using (var http = NewClient())
        {
            var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(server.SecureAddress));
            Assert.Equal(HttpRequestError.SecureConnectionError, failure.HttpRequestError);
            Assert.Contains("certificate", failure.Message, StringComparison.Ordinal);
        }

        var trusting = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
        await using var secure = new LoopHttpClient(new() { Handler = trusting });
        Assert.Equal("hello", await secure.GetStringAsync(server.SecureAddress + "hello"));
    });

    [Fact]
    public void One_client_serves_one_loop_after_the_other()
    {
        var http = new LoopHttpClient(new() { Transport = Transport, BaseAddress = new(server.Address) });
        Run(async () => Assert.Equal("hello", await http.GetStringAsync("hello")));
        Run(async () =>
        {
            Assert.Equal("hello", await http.GetStringAsync("hello"));
            await http.DisposeAsync();
        });
    }

    private void WithClient(Func<LoopHttpClient, Coroutine> body) => Run(async () =>
    {
        await using var http = new LoopHttpClient(new() { Transport = Transport, BaseAddress = new(server.Address) });
        await body(http);
    });

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Point))]
    private sealed partial class Shapes : JsonSerializerContext;
}
