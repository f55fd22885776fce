#:project ../src/Heddle/Heddle.csproj
// An archiver packs a big file and writes the archive to its standard output ("zip -"). What it writes is read while it works, piece by
// piece, as it might be sent on over a network; here it goes to a file. Unpacked again, it must be the file that went in.
// Needs: zip
using System.IO.Compression;
using System.Security.Cryptography;
using Heddle;

const int Size = 30_000_000;

var folder = Directory.CreateTempSubdirectory();
try
{
    var big = Path.Combine(folder.FullName, "some_big_file");
    var archive = Path.Combine(folder.FullName, "archive.zip");
    MakeBigFile(big);
    EventLoop.Run(() => PackAsync(archive));

    using var packed = ZipFile.OpenRead(archive);
    var entry = packed.Entries.Single();
    using var unpacked = entry.Open();
    using var original = File.OpenRead(big);
    var isSame = SHA256.HashData(unpacked).AsSpan().SequenceEqual(SHA256.HashData(original));
    Console.WriteLine($"{entry.Name}: {entry.Length} bytes, {(isSame ? "the same" : "not the same")} as went in");
}
finally
{
    folder.Delete(recursive: true);
}

async Coroutine PackAsync(string archive)
{
    await using var process = Subprocess.Shell("zip -q - some_big_file", new()
    {
        WorkingDirectory = folder.FullName,
        StandardOutput = SubprocessOutput.Pipe,
    });

    using var file = File.Create(archive);
    var (pieces, whileItWorked) = (0, 0);
    await foreach (var piece in process.StandardOutput.ReadChunksAsync())
    {
        pieces++;
        whileItWorked += process.Status is null ? 1 : 0;
        file.Write(piece.Span);
    }

    Console.WriteLine($"zip ended with {await process.WaitAsync()}");
    Console.WriteLine($"pieces: {(pieces > 100 ? "many" : "few")}, most of them {(whileItWorked > pieces / 2 ? "while it worked" : "afterwards")}");
}

// Half of it is noise, so that the archive is far larger than what a pipe can hold.
static void MakeBigFile(string path)
{
    using var file = File.Create(path);
    var (random, piece) = (new Random(7), new byte[100_000]);
    for (var written = 0; written < Size; written += piece.Length)
    {
        random.NextBytes(piece.AsSpan(0, piece.Length / 2));
        file.Write(piece);
    }
}
