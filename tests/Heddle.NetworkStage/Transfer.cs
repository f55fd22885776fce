using System.Security.Cryptography;

namespace Heddle.NetworkStage;

/// <summary>A long stream from one end to the other, both of one loop.</summary>
internal static class Transfer
{
    private const long Length = 1L << 30;
    private const int Piece = 200_003;

    internal static string Run(string poller) => Stage.OnLoop(poller, async () =>
    {
        var most = 0L;
        var sent = new CoroutineSource<byte[]>();
        await using var server = TcpServer.Start(new(System.Net.IPAddress.Loopback, 0), async connection =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var piece = new byte[Piece];
            for (var left = Length; left > 0; left -= Piece)
            {
                Fill(piece, left);
                var part = piece.AsMemory(0, (int)Math.Min(left, Piece));
                hash.AppendData(part.Span);
                await connection.Writer.WriteAsync(part);
                most = Math.Max(most, connection.Writer.Pending);
                Stage.Require(most <= connection.Writer.HighMark + Piece, $"{most} bytes wait to be sent");
            }

            sent.SetResult(hash.GetHashAndReset());
        });

        await using var connection = await TcpConnection.ConnectAsync(server.LocalEndPoint);
        using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = 0L;
        await foreach (var chunk in connection.Reader.ReadChunksAsync())
        {
            received.AppendData(chunk.Span);
            length += chunk.Length;
        }

        Stage.Require(length == Length, $"{length} bytes arrived");
        var checksum = await sent;
        Stage.Require(checksum.AsSpan().SequenceEqual(received.GetHashAndReset()), "the checksums differ");
        return $"arrived as it was sent, SHA-256 {Convert.ToHexStringLower(checksum.AsSpan(0, 8))}…; at most {most / 1024} KiB waited to be sent";
    });

    /// <summary>Cheap, and different everywhere.</summary>
    private static void Fill(byte[] piece, long seed)
    {
        for (var i = 0; i < piece.Length; i += 61)
        {
            piece[i] = (byte)(seed + i);
            seed = (seed * 6364136223846793005) + 1442695040888963407;
        }
    }
}
