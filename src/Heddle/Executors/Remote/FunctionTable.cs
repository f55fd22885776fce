using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Heddle;

/// <summary>On a worker: the functions that were asked for so far.</summary>
internal static class FunctionTable
{
    private static readonly ConcurrentDictionary<byte[], WorkFunction> s_functions = new(new ByBytes());

    private static readonly ConcurrentDictionary<byte[], WorkFunction>.AlternateLookup<ReadOnlySpan<byte>> s_byKey =
        s_functions.GetAlternateLookup<ReadOnlySpan<byte>>();

    internal static WorkFunction Find(ReadOnlySpan<byte> key)
    {
        if (!s_byKey.TryGetValue(key, out var function))
        {
            function = Resolve(key);
            s_functions.TryAdd(key.ToArray(), function);
        }

        return function;
    }

    private static WorkFunction Resolve(ReadOnlySpan<byte> key)
    {
        var reader = new PayloadReader(key);
        if (reader.ReadByte() == (byte)KeyKind.Registered)
        {
            return WorkRegistry.Find(reader.ReadString()!, reader.ReadString()!);
        }

        return Reflective.IsSupported
            ? ReflectedFunction.Read(ref reader)
            : throw new NotPortableException(
                "The caller names a function by its place in its assembly, and this worker is trimmed. Register the function with WorkRegistry.Add on both sides.");
    }

    private sealed class ByBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
