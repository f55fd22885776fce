using System.Runtime.InteropServices;
using System.Text;

namespace Heddle;

/// <summary>A null-terminated array of C strings, in one block of memory.</summary>
internal readonly unsafe ref struct NativeStrings
{
    private readonly byte* _block;

    /// <param name="strings">None may hold a zero.</param>
    /// <param name="isEnvironment">Whether they are <c>name=value</c>, of which some may have been given to this program as other bytes.</param>
    internal NativeStrings(IReadOnlyCollection<string> strings, bool isEnvironment = false)
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
            var room = new Span<byte>(next, (int)(end - next));
            if (isEnvironment && InheritedVariables.BytesOf(text) is { } bytes)
            {
                // No more than the text's: each character stands for three bytes at most.
                bytes.CopyTo(room);
                next += bytes.Length;
            }
            else
            {
                next += Encoding.UTF8.GetBytes(text, room);
            }

            *next++ = 0;
        }

        *entry = null;
    }

    internal byte** Pointer => (byte**)_block;

    public void Dispose() => NativeMemory.Free(_block);
}
