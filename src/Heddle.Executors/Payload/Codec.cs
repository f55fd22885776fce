using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>How values of a type become bytes, and these become values again.</summary>
/// <remarks>Both ends run the same program, so what has no references is sent as it stands in memory.</remarks>
internal abstract class Codec<T>
{
    private static Codec<T>? s_codec;

    /// <exception cref="NotPortableException">The type stands for something that is of this process only.</exception>
    internal static Codec<T> Get() => s_codec ??= Make();

    internal abstract void Write(PayloadWriter writer, T value);

    internal abstract T Read(PayloadReader reader);

    /// <param name="writer">Of a value that cannot be written nothing is left in it.</param>
    /// <param name="values">What is written.</param>
    /// <param name="done">How many are, also when the next cannot be and this throws.</param>
    internal virtual void WriteAll(PayloadWriter writer, ReadOnlySpan<T> values, out int done)
    {
        for (done = 0; done < values.Length; done++)
        {
            var start = writer.Length;
            try
            {
                Write(writer, values[done]);
            }
            catch
            {
                writer.CutTo(start);
                throw;
            }
        }
    }

    /// <param name="reader">Where from.</param>
    /// <param name="values">Where to.</param>
    /// <param name="done">How many were read, also when the next cannot be made and this throws.</param>
    internal virtual void ReadAll(PayloadReader reader, Span<T> values, out int done)
    {
        for (done = 0; done < values.Length; done++)
        {
            values[done] = Read(reader);
        }
    }

    private static Codec<T> Make()
    {
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            return new RawCodec<T>();
        }

        if (typeof(T) == typeof(string))
        {
            return (Codec<T>)(object)new StringCodec();
        }

        return typeof(T) == typeof(string[]) ? Array<string>()
            : typeof(T) == typeof(byte[]) ? Array<byte>()
            : typeof(T) == typeof(int[]) ? Array<int>()
            : typeof(T) == typeof(long[]) ? Array<long>()
            : typeof(T) == typeof(float[]) ? Array<float>()
            : typeof(T) == typeof(double[]) ? Array<double>()
            : new JsonCodec<T>();
    }

    private static Codec<T> Array<TElement>() => (Codec<T>)(object)new ArrayCodec<TElement>();
}
