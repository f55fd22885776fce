using System.IO.Compression;
using System.Text;

namespace WikiPath.Cache;

/// <summary>Titles as bytes: a line each, compressed.</summary>
static class NeighbourList
{
    public static byte[] Pack(IReadOnlyCollection<string> titles)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            brotli.Write(Encoding.UTF8.GetBytes(string.Join('\n', titles)));
        }
        return packed.ToArray();
    }

    public static string[] Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var reader = new StreamReader(brotli, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
