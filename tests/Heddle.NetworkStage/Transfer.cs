using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Heddle.NetworkStage;

/// <summary>A long stream each way at once between two ends of one loop.</summary>
internal static class Transfer
{
    private const long Length = 1L << 30;
    private const int Piece = 200_003;

    internal static string Run(string poller, bool secure) => Stage.OnLoop(poller, async () =>
    {
        using var certificate = secure ? SelfSigned() : null;
        var there = new CoroutineSource<(byte[] Sent, byte[] Received)>();
        var options = new ServerOptions { Tls = secure ? new() { ServerCertificate = certificate } : null };
        await using var server = TcpServer.Start(
            new(IPAddress.Loopback, 0), async connection => there.SetResult(await ExchangeAsync(connection, seed: 1)), options);
        var trusting = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate!.GetCertHashString(),
        };
        await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint, new() { Tls = secure ? trusting : null });
        var here = await ExchangeAsync(client, seed: 2);
        var other = await there;
        Stage.Require(here.Sent.AsSpan().SequenceEqual(other.Received), "what the server got is not what the client sent");
        Stage.Require(other.Sent.AsSpan().SequenceEqual(here.Received), "what the client got is not what the server sent");
        Stage.Require(!here.Sent.AsSpan().SequenceEqual(here.Received), "both have sent the same");
        return $"arrived as it was sent, SHA-256 {Convert.ToHexStringLower(here.Sent.AsSpan(0, 4))}… and {Convert.ToHexStringLower(other.Sent.AsSpan(0, 4))}…";
    });

    private static async Coroutine<(byte[] Sent, byte[] Received)> ExchangeAsync(TcpConnection connection, long seed)
    {
        var sending = LoopTask.Start(SendAsync(connection, seed));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = 0L;
        await foreach (var chunk in connection.Reader.ReadChunksAsync())
        {
            hash.AppendData(chunk.Span);
            length += chunk.Length;
        }

        Stage.Require(length == Length, string.Create(CultureInfo.InvariantCulture, $"{length} bytes arrived"));
        return (await sending, hash.GetHashAndReset());
    }

    private static async Coroutine<byte[]> SendAsync(TcpConnection connection, long seed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[Piece];
        for (var left = Length; left > 0; left -= Piece)
        {
            Fill(piece, left + seed);
            var part = piece.AsMemory(0, (int)Math.Min(left, Piece));
            hash.AppendData(part.Span);
            await connection.Writer.WriteAsync(part);
            Stage.Require(connection.Writer.Pending <= connection.Writer.HighMark + Piece, $"{connection.Writer.Pending} bytes wait to be sent");
        }

        await connection.Writer.FinishAsync();
        return hash.GetHashAndReset();
    }

    /// <summary>Cheap, and different everywhere.</summary>
    private static void Fill(byte[] piece, long seed)
    {
        for (var i = 0; i < piece.Length; i += 61)
        {
            piece[i] = (byte)(seed + i);
            seed = (seed * 6364136223846793005) + 1442695040888963407;
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.Now.AddDays(-1), DateTimeOffset.Now.AddDays(1));
    }
}
