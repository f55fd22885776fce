using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Heddle;

/// <summary>How values of a declared type become bytes, and these become values again.</summary>
/// <remarks>
/// What has no references goes as it stands in memory, since both ends run the same program. An object goes with its own type, and once: met again, it is
/// named by its number, so that what was one object arrives as one.
/// </remarks>
internal abstract class Codec<T>
{
    private static Codec<T>? s_codec;

    internal static Codec<T> Get() => s_codec ??= Make();

    internal abstract void Write(PayloadWriter writer, T value);

    internal abstract T Read(PayloadReader reader);

    internal virtual void WriteItems(PayloadWriter writer, ReadOnlySpan<T> items)
    {
        for (var i = 0; i < items.Length; i++)
        {
            writer.Enter(null, i);
            Write(writer, items[i]);
            writer.Leave();
        }
    }

    internal virtual void ReadItems(PayloadReader reader, Span<T> items)
    {
        foreach (ref var item in items)
        {
            item = Read(reader);
        }
    }

    private static Codec<T> Make()
        => Plain.Is(typeof(T), RuntimeHelpers.IsReferenceOrContainsReferences<T>()) ? new RawCodec<T>()
            : typeof(T) == typeof(string) ? (Codec<T>)(object)new StringCodec()
            : typeof(T).IsValueType ? new ValueCodec<T>()
            : new ObjectCodec<T>();
}

/// <summary>Values without references, as they stand in memory.</summary>
internal sealed class RawCodec<T> : Codec<T>
{
    internal override void Write(PayloadWriter writer, T value) => writer.WriteRaw(value);

    internal override T Read(PayloadReader reader) => reader.ReadRaw<T>();

    internal override void WriteItems(PayloadWriter writer, ReadOnlySpan<T> items)
        => writer.WriteBytes(MemoryMarshal.CreateReadOnlySpan(ref First(items), Size(items.Length)));

    internal override void ReadItems(PayloadReader reader, Span<T> items)
    {
        var size = Size(items.Length);
        reader.ReadBytes(size).CopyTo(MemoryMarshal.CreateSpan(ref First(items), size));
    }

    private static ref byte First(ReadOnlySpan<T> items) => ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(items));

    private static int Size(int count) => checked(count * Unsafe.SizeOf<T>());
}

/// <summary>Text, whose identity nobody can rely on: by its characters, ill-formed ones too.</summary>
internal sealed class StringCodec : Codec<string?>
{
    internal override void Write(PayloadWriter writer, string? value) => writer.WriteString(value);

    internal override string? Read(PayloadReader reader) => reader.ReadString();
}

/// <summary>Structures with references in them. They are of their declared type, so that need not be said.</summary>
internal sealed class ValueCodec<T> : Codec<T>
{
    private static readonly Type s_type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);

    internal override void Write(PayloadWriter writer, T value)
    {
        object? boxed = value;
        writer.WriteByte(boxed is null ? (byte)0 : (byte)1);
        if (boxed is not null)
        {
            writer.WriteValue(Body.Of(s_type), boxed);
        }
    }

    internal override T Read(PayloadReader reader)
        => reader.ReadByte() == 0 ? default! : (T)reader.ReadValue(Body.Of(s_type), -1);
}

/// <summary>Objects, by the types that they have.</summary>
internal sealed class ObjectCodec<T> : Codec<T>
{
    internal override void Write(PayloadWriter writer, T value) => writer.WriteObject(value, typeof(T));

    internal override T Read(PayloadReader reader) => reader.ReadObject(typeof(T)) switch
    {
        null => default!,
        T value => value,
        var other => throw new Refusal($"a {TypeNames.Of(other.GetType())} has come in the place of a {TypeNames.Of(typeof(T))}"),
    };
}

/// <summary>Which structures mean the same in another process when they are copied as they stand.</summary>
internal static class Plain
{
    /// <param name="type">Any.</param>
    /// <param name="hasReferences">Whether there are references in its values.</param>
    internal static bool Is(Type type, bool hasReferences)
        => !hasReferences && (type.IsPrimitive ? type != typeof(nint) && type != typeof(nuint) : type.IsEnum || !Reflective.IsSupported || HasPlainFields(type));

    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Only where nothing is trimmed.")]
    private static bool HasPlainFields(Type type)
        => !type.IsPointer && !type.IsFunctionPointer && type.GetFields(Fields.All).All(field =>
            Fields.Goes(field) && (field.FieldType == type || Is(field.FieldType, hasReferences: false)));
}
