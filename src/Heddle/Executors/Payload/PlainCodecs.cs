using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Heddle;

/// <summary>Values without references, as they stand in memory.</summary>
internal sealed class RawCodec<T> : Codec<T>
{
    internal override void Write(PayloadWriter writer, T value) => writer.WriteRaw(value);

    internal override T Read(ref PayloadReader reader) => reader.ReadRaw<T>();

    internal override void WriteAll(PayloadWriter writer, ReadOnlySpan<T> values, out int done)
    {
        done = 0;
        writer.WriteBytes(MemoryMarshal.CreateReadOnlySpan(ref First(values), Size(values.Length)));
        done = values.Length;
    }

    internal override void ReadAll(ref PayloadReader reader, Span<T> values, out int done)
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

    internal override string? Read(ref PayloadReader reader) => reader.ReadString();
}

internal sealed class ArrayCodec<T> : Codec<T[]?>
{
    internal override void Write(PayloadWriter writer, T[]? value)
    {
        writer.Met(value);
        writer.WriteInt32(value?.Length ?? -1);
        Codec<T>.Get().WriteAll(writer, value, out _);
    }

    internal override T[]? Read(ref PayloadReader reader)
    {
        var length = reader.ReadInt32();
        if (length < 0)
        {
            return null;
        }

        var values = new T[length];
        Codec<T>.Get().ReadAll(ref reader, values, out _);
        return values;
    }
}

internal static class Objects
{
    /// <summary>Whether values of the type have objects in them of which it matters whether they are one.</summary>
    internal static bool In<T>() => RuntimeHelpers.IsReferenceOrContainsReferences<T>() && typeof(T) != typeof(string);
}

internal sealed class PairCodec<T1, T2> : Codec<(T1, T2)>
{
    internal static new Codec<(T1, T2)> Get() => new PairCodec<T1, T2>();

    internal override string Layout => $"{Layouts.Of<T1>()}, {Layouts.Of<T2>()}";

    internal override void Write(PayloadWriter writer, (T1, T2) value)
    {
        var mayShare = Objects.In<T1>() && Objects.In<T2>();
        if (mayShare)
        {
            writer.BeginTogether();
        }

        try
        {
            Codec<T1>.Get().Write(writer, value.Item1);
            Codec<T2>.Get().Write(writer, value.Item2);
        }
        finally
        {
            if (mayShare)
            {
                writer.EndTogether();
            }
        }
    }

    internal override (T1, T2) Read(ref PayloadReader reader)
        => (Codec<T1>.Get().Read(ref reader), Codec<T2>.Get().Read(ref reader));
}

internal sealed class TripleCodec<T1, T2, T3> : Codec<(T1, T2, T3)>
{
    internal static new Codec<(T1, T2, T3)> Get() => new TripleCodec<T1, T2, T3>();

    internal override string Layout => $"{Layouts.Of<T1>()}, {Layouts.Of<T2>()}, {Layouts.Of<T3>()}";

    internal override void Write(PayloadWriter writer, (T1, T2, T3) value)
    {
        var mayShare = (Objects.In<T1>() ? 1 : 0) + (Objects.In<T2>() ? 1 : 0) + (Objects.In<T3>() ? 1 : 0) > 1;
        if (mayShare)
        {
            writer.BeginTogether();
        }

        try
        {
            Codec<T1>.Get().Write(writer, value.Item1);
            Codec<T2>.Get().Write(writer, value.Item2);
            Codec<T3>.Get().Write(writer, value.Item3);
        }
        finally
        {
            if (mayShare)
            {
                writer.EndTogether();
            }
        }
    }

    internal override (T1, T2, T3) Read(ref PayloadReader reader)
        => (Codec<T1>.Get().Read(ref reader), Codec<T2>.Get().Read(ref reader), Codec<T3>.Get().Read(ref reader));
}
