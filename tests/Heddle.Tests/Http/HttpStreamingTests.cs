using System.Text;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

public abstract class HttpStreamingTests(HttpRoute route) : HttpTests(route)
{
    public sealed class OverLoop() : HttpStreamingTests(HttpRoute.Loop);

    public sealed class OverPortablePoller() : HttpStreamingTests(HttpRoute.PortableLoop);

    public sealed class OverSystem() : HttpStreamingTests(HttpRoute.System);

    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    [Fact]
    public void Pieces_come_as_the_server_sends_them() => Run(async () =>
    {
        var isRead = new SemaphoreSlim(0);
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(Head + "Transfer-Encoding: chunked\r\n\r\n");
            foreach (var piece in (string[])["one", "two", "three"])
            {
                await connection.SendAsync($"{piece.Length:x}\r\n{piece}\r\n");
                await isRead.WaitAsync();
            }

            await connection.SendAsync("0\r\n\r\n");
            await connection.WaitForCloseAsync();
        });
        await using var http = NewClient();
        await using var response = await http.StreamAsync(server.Address);
        var pieces = new List<string>();
        await foreach (var piece in response.ReadChunksAsync())
        {
            pieces.Add(Encoding.UTF8.GetString(piece.Span));
            isRead.Release();
        }

        Assert.Equal(["one", "two", "three"], pieces);
    });

    [Fact]
    public void A_body_read_to_its_end_gives_the_connection_back() => Run(async () =>
    {
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadHeadAsync() is not null)
            {
                await connection.SendAsync(Head + "Content-Length: 4\r\n\r\na\nb\n");
            }
        });
        await using var http = NewClient();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(["a", "b"], await LinesAsync(await http.StreamAsync(server.Address)));
        }

        Assert.Equal("a\nb\n", await http.GetStringAsync(server.Address));
        Assert.Equal(1, server.Connections);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("rule", "12")]
    public void Leaving_early_closes_the_connection_and_the_next_request_has_another(bool leavesEnumeration) => Run(async () =>
    {
        var isLeft = new TaskCompletionSource();
        var closed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(Head + "Content-Length: 19\r\n\r\nfirst\nsecond\n");
            await isLeft.Task;
            try
            {
                // Whoever still read, in the background, would now have it all and keep the connection.
                await connection.SendAsync("third\n");
            }
            catch (IOException)
            {
            }

            await connection.WaitForCloseAsync();
            closed.TrySetResult();
        });
        await using var http = NewClient();
        await using (var response = await http.StreamAsync(server.Address))
        {
            if (leavesEnumeration)
            {
                await foreach (var line in response.ReadLinesAsync())
                {
                    Assert.Equal("first", line);
                    break;
                }

                isLeft.SetResult();
                await closed.Task;
                Assert.Equal("HTTP client (0 running)", http.ToString());
                await ThrowsAsync<InvalidOperationException>(async () => await LinesAsync(response));
            }
        }

        isLeft.TrySetResult();
        await closed.Task;
        await using var next = await http.StreamAsync(server.Address);
        Assert.Equal(2, server.Connections);
    });

    [Fact]
    public void A_streamed_body_can_be_taken_as_a_whole_and_then_again_and_again() => Run(async () =>
    {
        await using var http = InMemory(() => new MemoryStream("a\nb"u8.ToArray()));
        await using var response = await http.StreamAsync("http://somewhere/");
        Assert.Equal("a\nb", await response.ReadAsStringAsync());
        Assert.Equal(["a", "b"], await LinesAsync(response));
        Assert.Equal(["a", "b"], await LinesAsync(response));
        Assert.Equal(3, (await response.ReadAsBytesAsync()).Length);
    });

    [Fact]
    [Trait("rule", "19")]
    public void A_streamed_body_comes_once() => Run(async () =>
    {
        await using var http = InMemory(() => new MemoryStream("a\nb"u8.ToArray()));
        await using var response = await http.StreamAsync("http://somewhere/");
        Assert.Equal(["a", "b"], await LinesAsync(response));
        Assert.Contains("comes once", (await ThrowsAsync<InvalidOperationException>(async () => await response.ReadAsBytesAsync())).Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("a\nb\nc", "a|b|c")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("a\n\n\r\nb", "a|||b")]
    [InlineData("", "")]
    [InlineData("\n", "")]
    [InlineData("a\rb\r", "a\rb\r")]
    [InlineData("grüße €\n😀\n", "grüße €|😀")]
    [InlineData("\uFEFFmarked\nx", "marked|x")]
    public void Lines_are_the_same_however_the_bytes_are_split(string body, string expected) => Run(async () =>
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        foreach (var size in (int[])[1, 2, 3, 5, 1000])
        {
            await using var http = InMemory(() => new SlicedStream(bytes, size));
            var lines = await LinesAsync(await http.StreamAsync("http://somewhere/"));
            Assert.Equal(expected, string.Join('|', lines));
            Assert.Equal(body.Length > 0, lines.Count > 0);
        }
    });

    [Fact]
    public void Lines_are_decoded_by_the_charset() => Run(async () =>
    {
        await using var http = InMemory(() => new SlicedStream(Encoding.Unicode.GetBytes("ж\r\nя\n"), 1), "text/plain; charset=utf-16");
        Assert.Equal(["ж", "я"], await LinesAsync(await http.StreamAsync("http://somewhere/")));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [Trait("rule", "19")]
    public void A_line_over_the_limit_fails_and_one_at_the_limit_does_not(int size) => Run(async () =>
    {
        await using var http = InMemory(() => new SlicedStream("12345\r\n12345\n123456\n"u8.ToArray(), size));
        await using var response = await http.StreamAsync("http://somewhere/");
        var lines = new List<string>();
        var failure = await ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var line in response.ReadLinesAsync(maxLength: 5))
            {
                lines.Add(line);
            }
        });
        Assert.Equal(["12345", "12345"], lines);
        Assert.Contains("longer than 5", failure.Message, StringComparison.Ordinal);
        Assert.Equal("HTTP client (0 running)", http.ToString());
    });

    [Fact]
    public void A_line_without_end_is_refused_before_it_fills_the_memory() => Run(async () =>
    {
        await using var http = InMemory(() => new EndlessStream());
        await using var response = await http.StreamAsync("http://somewhere/");
        await ThrowsAsync<InvalidDataException>(async () => await LinesAsync(response));
    });

    [Fact]
    [Trait("rule", "5")]
    public void A_body_that_never_makes_one_wait_gives_others_their_turn() => Run(async () =>
    {
        await using var http = InMemory(() => new EndlessStream());
        await using var response = await http.StreamAsync("http://somewhere/");
        var isTheirTurn = false;
        var other = LoopTask.Start(async () =>
        {
            await Coroutine.Yield();
            isTheirTurn = true;
        });
        await foreach (var _ in response.ReadChunksAsync())
        {
            if (isTheirTurn)
            {
                break;
            }
        }

        await other;
    });

    [Fact]
    [Trait("rule", "7")]
    public void In_a_cancelled_scope_not_even_a_piece_that_is_there_comes() => Run(async () =>
    {
        await using var http = InMemory(() => new EndlessStream());
        var pieces = 0;
        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            await using var response = await http.StreamAsync("http://somewhere/");
            await foreach (var _ in response.ReadChunksAsync())
            {
                pieces++;
                scope.Cancel();
            }
        }));
        Assert.Equal(1, pieces);
        Assert.Equal("HTTP client (0 running)", http.ToString());
    });

    [Fact]
    public void A_body_is_copied_to_a_stream_and_saved_to_a_file() => Run(async () =>
    {
        var bytes = Encoding.ASCII.GetBytes(new string('q', 100_000));
        await using var http = InMemory(() => new SlicedStream(bytes, 10_000));
        using var copy = new MemoryStream();
        await (await http.StreamAsync("http://somewhere/")).CopyToAsync(copy);
        Assert.Equal(bytes, copy.ToArray());
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "saved");
            await File.WriteAllTextAsync(path, "what was there before").OrCanceled();
            await (await http.StreamAsync("http://somewhere/")).SaveToFileAsync(path);
            Assert.Equal(bytes, await File.ReadAllBytesAsync(path).OrCanceled());
            Assert.Single(folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    });

    [Fact]
    [Trait("rule", "13")]
    public void A_download_that_breaks_off_leaves_no_file() => Run(async () =>
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(Head + "Content-Length: 100\r\n\r\nonly this");
        });
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await using var http = NewClient();
            await ThrowsAsync<LoopHttpException>(async () =>
                await (await http.StreamAsync(server.Address)).SaveToFileAsync(Path.Combine(folder.FullName, "saved")));
            Assert.Empty(folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    });

    [Fact]
    [Trait("rule", "10")]
    public void The_token_of_an_enumeration_ends_it() => Run(async () =>
    {
        await using var http = InMemory(() => new EndlessStream());
        await using var response = await http.StreamAsync("http://somewhere/");
        using var source = new CancellationTokenSource();
        var failure = await ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in response.ReadChunksAsync().WithCancellation(source.Token))
            {
                source.Cancel();
            }
        });
        Assert.Equal(source.Token, failure.CancellationToken);
    });

    private static async Coroutine<List<string>> LinesAsync(LoopHttpResponse response)
    {
        var lines = new List<string>();
        await foreach (var line in response.ReadLinesAsync())
        {
            lines.Add(line);
        }

        return lines;
    }

    private static LoopHttpClient InMemory(Func<Stream> body, string type = "text/plain") => new(new()
    {
        Handler = new Answering(_ => new HttpResponseMessage
        {
            Content = new StreamContent(body()) { Headers = { { "Content-Type", type } } },
        }),
    });

    /// <summary>Gives out so many bytes at a time, every other time only after a wait.</summary>
    private sealed class SlicedStream(byte[] bytes, int size) : MemoryStream(bytes)
    {
        private int _reads;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_reads++ % 2 == 1)
            {
                await Task.Yield();
            }

            return Read(buffer.Span[..Math.Min(size, buffer.Length)]);
        }
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'x');
            return new(buffer.Length);
        }
    }
}
