using System.Security.Cryptography;

namespace Heddle.Tests.Http;

/// <summary>What servers of others answer, over the loop's own sockets.</summary>
public abstract class HttpPeerTests
{
    public sealed class OfKestrel(WebServer server) : HttpPeerTests, IClassFixture<WebServer>
    {
        private protected override void WithPeer(Func<LoopHttpClient, Coroutine> body) => Ask(server.Address, body);
    }

    public sealed class OfPython : HttpPeerTests
    {
        private protected override void WithPeer(Func<LoopHttpClient, Coroutine> body)
        {
            using var server = PythonServer.Start(Peer.Require("python3"));
            Ask(server.Address, body);
        }
    }

    [Fact]
    public void One_connection_is_kept_alive() => WithPeer(async http =>
    {
        var first = await http.GetStringAsync("connection");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(first, await http.GetStringAsync("connection"));
        }
    });

    [Fact]
    public void Redirects_are_followed_and_a_gzipped_body_is_unpacked() => WithPeer(async http =>
    {
        Assert.Equal("hello", await http.GetStringAsync("redirect/3"));
        Assert.Equal(new string('a', 300_000), await http.GetStringAsync("big"));
    });

    [Fact]
    public void A_body_arrives_whole_there_and_back() => WithPeer(async http =>
    {
        using var body = new ByteArrayContent(WebServer.Piece);
        Assert.Equal(WebServer.Piece, await (await http.PostAsync("mirror", body)).EnsureSuccess().ReadAsBytesAsync());
    });

    [Fact]
    public void A_hundred_megabytes_in_chunks_stream_through_in_constant_memory() => WithPeer(async http =>
    {
        const int Count = 1600;
        await using (var brief = (await http.StreamAsync("stream/1")).EnsureSuccess())
        {
            Assert.True(brief.Headers.TransferEncodingChunked);
            Assert.Equal(WebServer.Piece, await brief.ReadAsBytesAsync());
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var response = (await http.StreamAsync($"stream/{Count}")).EnsureSuccess();
        var length = 0L;

        // All of it is on this thread.
        var before = GC.GetAllocatedBytesForCurrentThread();
        await foreach (var piece in response.ReadChunksAsync())
        {
            length += piece.Length;
            hash.AppendData(piece.Span);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(100L * 1024 * 1024, length);
        Assert.Equal(HashOf(WebServer.Piece, Count), hash.GetHashAndReset());
        Assert.InRange(allocated, 0, 4 * 1024 * 1024);
    });

    private protected abstract void WithPeer(Func<LoopHttpClient, Coroutine> body);

    private static void Ask(string address, Func<LoopHttpClient, Coroutine> body) => HttpRun.Run(async () =>
    {
        await using var http = new LoopHttpClient(new() { BaseAddress = new(address) });
        await body(http);
    });

    private static byte[] HashOf(byte[] piece, int count)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < count; i++)
        {
            hash.AppendData(piece);
        }

        return hash.GetHashAndReset();
    }
}
