using System.Runtime.InteropServices;
using System.Text;

namespace Heddle;

/// <summary>A null-terminated array of C strings, in one block of memory.</summary>
internal readonly unsafe ref struct NativeStrings
{
    private readonly byte* _block;

    /// <param name="strings">None may hold a zero.</param>
    internal NativeStrings(IReadOnlyCollection<string> strings)
    {
        var size = (strings.Count + 1) * sizeof(byte*);
        foreach (var text in strings)
        {
            size += Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
        }

        _block = (byte*)NativeMemory.Alloc((nuint)size);
        var next = _block + ((strings.Count + 1) * sizeof(byte*));
        var end = _block + size;
        var entry = Pointer;
        foreach (var text in strings)
        {
            *entry++ = next;
            next += Encoding.UTF8.GetBytes(text, new Span<byte>(next, (int)(end - next)));
            *next++ = 0;
        }

        *entry = null;
    }

    internal byte** Pointer => (byte**)_block;

    public void Dispose() => NativeMemory.Free(_block);
}
