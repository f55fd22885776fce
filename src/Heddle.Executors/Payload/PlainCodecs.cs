using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Heddle;

/// <summary>Values without references, as they stand in memory.</summary>
internal sealed class RawCodec<T> : Codec<T>
{
    internal override void Write(PayloadWriter writer, T value) => writer.WriteRaw(value);

    internal override T Read(PayloadReader reader) => reader.ReadRaw<T>();

    internal override void WriteAll(PayloadWriter writer, ReadOnlySpan<T> values, out int done)
    {
        done = 0;
        writer.WriteBytes(MemoryMarshal.CreateReadOnlySpan(ref First(values), Size(values.Length)));
        done = values.Length;
    }

    internal override void ReadAll(PayloadReader reader, Span<T> values, out int done)
    {
        done = 0;
        var size = Size(values.Length);
        reader.ReadBytes(size).CopyTo(MemoryMarshal.CreateSpan(ref First(values), size));
        done = values.Length;
    }

    private static ref byte First(ReadOnlySpan<T> values) => ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(values));

    private static int Size(int count) => checked(count * Unsafe.SizeOf<T>());
}

internal sealed class StringCodec : Codec<string?>
{
    internal override void Write(PayloadWriter writer, string? value) => writer.WriteString(value);

    internal override string? Read(PayloadReader reader) => reader.ReadString();
}

internal sealed class ArrayCodec<T> : Codec<T[]?>
{
    internal override void Write(PayloadWriter writer, T[]? value)
    {
        writer.Met(value);
        writer.WriteInt32(value?.Length ?? -1);
        Codec<T>.Get().WriteAll(writer, value, out _);
    }

    internal override T[]? Read(PayloadReader reader)
    {
        var length = reader.ReadInt32();
        if (length < 0)
        {
            return null;
        }

        var values = new T[length];
        Codec<T>.Get().ReadAll(reader, values, out _);
        return values;
    }
}
