using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Reads what a <see cref="PayloadWriter"/> has written.</summary>
internal sealed class PayloadReader(ReadOnlyMemory<byte> bytes) : IWorkReader
{
    private ReadOnlyMemory<byte> _rest = bytes;

    /// <summary>What the values are, for errors.</summary>
    internal Subject Subject { get; set; } = new("argument", "a function");

    internal int Left => _rest.Length;

    internal byte ReadByte() => ReadBytes(1)[0];

    internal int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(sizeof(int)));

    internal long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(ReadBytes(sizeof(long)));

    internal ReadOnlySpan<byte> ReadBytes(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            throw new InvalidDataException("A message between an executor and its worker is cut short. Both must run the same version of Heddle.");
        }

        var bytes = _rest.Span[..count];
        _rest = _rest[count..];
        return bytes;
    }

    internal string? ReadString()
    {
        var length = ReadInt32();
        return length < 0 ? null : new string(MemoryMarshal.Cast<byte, char>(ReadBytes(checked(length * sizeof(char)))));
    }

    internal T ReadRaw<T>() => Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetReference(ReadBytes(Unsafe.SizeOf<T>())));

    public T Read<T>() => Portable.Read(this, Codec<T>.Get);

    public T[] ReadAll<T>(out NotPortableException? refusal) => Sequences.Read(this, Codec<T>.Get, out refusal);

    public Exception? ReadFailure() => ReadByte() == 0 ? null : RemoteFailure.Read(this);
}
