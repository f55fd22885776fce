using System.IO.Compression;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

/// <summary>What a server sends fills no memory without a limit.</summary>
public abstract class HttpLimitTests(HttpRoute route) : HttpTests(route)
{
    public sealed class OverLoop() : HttpLimitTests(HttpRoute.Loop);

    public sealed class OverSystem() : HttpLimitTests(HttpRoute.System);

    [Fact]
    public void Headers_that_do_not_end() => Run(async () =>
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Range(0, 2000).Select(static i => $"X-{i}: {new string('x', 100)}\r\n")));
            await connection.WaitForCloseAsync();
        });
        await using var http = NewClient();
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(server.Address));
        Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, failure.HttpRequestError);
    });

    /// <summary>Alone: what other tests allocate meanwhile would count.</summary>
    [Fact(DisableParallelization = true)]
    public void A_body_that_is_only_announced() => Run(async () =>
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nlittle");
        });
        await using var http = NewClient();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(server.Address));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 90_000_000);
    });

    [Fact]
    public void A_body_that_is_small_only_while_it_is_compressed() => Run(async () =>
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(new byte[10_000_000]);
        }

        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n");
            await connection.SendAsync(packed.ToArray());
        });
        await using var http = new LoopHttpClient(new() { Transport = Transport, MaxBufferedBytes = 1_000_000 });
        var failure = await ThrowsAsync<LoopHttpException>(async () => await http.GetAsync(server.Address));
        Assert.Contains("longer than 1000000 bytes", failure.Message, StringComparison.Ordinal);
    });
}
