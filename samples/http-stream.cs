#:project ../src/Heddle/Heddle.csproj
#:project Support/Support.csproj
// A large download on a slow line is read as it comes: one piece after the other, and never the whole in memory.
using System.Security.Cryptography;
using Heddle;
using Heddle.Samples;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

const long Size = 100_000_000;

using var site = Site.Start(app => app.MapGet("/archive", async (HttpResponse response) =>
{
    var piece = new byte[100_000];
    new Random(8).NextBytes(piece);
    response.ContentLength = Size;
    for (var sent = 0; sent < Size; sent += piece.Length)
    {
        await response.Body.WriteAsync(piece);
    }
}));

EventLoop.Run(async () =>
{
    await using var http = new LoopHttpClient(new() { BaseAddress = site.Address });
    await using var response = (await http.StreamAsync("archive")).EnsureSuccess();

    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    var (length, nextLook, peak) = (0L, 0L, 0L);
    var before = GC.GetTotalMemory(forceFullCollection: true);
    await foreach (var chunk in response.ReadChunksAsync())
    {
        hash.AppendData(chunk.Span);
        length += chunk.Length;
        if (length >= nextLook)
        {
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
            nextLook += Size / 20;
        }
    }

    Console.WriteLine($"{length} bytes, {Convert.ToHexString(hash.GetHashAndReset())[..16]}");
    Console.WriteLine($"never more than {Math.Ceiling(peak / 1e6)} MB of memory alive");
});
