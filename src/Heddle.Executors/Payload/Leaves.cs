using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Heddle;

/// <summary>Values without parts, or whose parts do not tell whether they are the same.</summary>
internal static class Leaves
{
    private static readonly Dictionary<Type, Func<object, object, bool>> s_leaves = new()
    {
        [typeof(string)] = static (sent, made) => string.Equals(sent as string, made as string, StringComparison.Ordinal),

        // By bits, for the sign of zero. But no number is a number in as many ways as there are processors.
        [typeof(float)] = As<float>(static (a, b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b))),
        [typeof(double)] = As<double>(static (a, b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b))),
        [typeof(Half)] = As<Half>(static (a, b) => BitConverter.HalfToInt16Bits(a) == BitConverter.HalfToInt16Bits(b) || (Half.IsNaN(a) && Half.IsNaN(b))),
        [typeof(decimal)] = As<decimal>(static (a, b) => Unsafe.BitCast<decimal, Int128>(a) == Unsafe.BitCast<decimal, Int128>(b)),
        [typeof(DateTime)] = As<DateTime>(static (a, b) => Unsafe.BitCast<DateTime, ulong>(a) == Unsafe.BitCast<DateTime, ulong>(b)),
        [typeof(DateTimeOffset)] = As<DateTimeOffset>(static (a, b) => a.EqualsExact(b)),
        [typeof(DateOnly)] = As<DateOnly>(static (a, b) => a == b),
        [typeof(TimeOnly)] = As<TimeOnly>(static (a, b) => a == b),
        [typeof(TimeSpan)] = As<TimeSpan>(static (a, b) => a == b),
        [typeof(Guid)] = As<Guid>(static (a, b) => a == b),
        [typeof(Int128)] = As<Int128>(static (a, b) => a == b),
        [typeof(UInt128)] = As<UInt128>(static (a, b) => a == b),
        [typeof(Version)] = As<Version>(static (a, b) => a == b),

        // What a Uri has found out about itself so far is in its fields, too.
        [typeof(Uri)] = As<Uri>(static (a, b) => a.OriginalString == b.OriginalString && a.IsAbsoluteUri == b.IsAbsoluteUri && $"{a}" == $"{b}"),

        // Reflection gives a pointer inside of itself, without end.
        [typeof(Pointer)] = static (sent, made) => sent.Equals(made),
        [typeof(JsonElement)] = As<JsonElement>(static (a, b) => JsonElement.DeepEquals(a, b)),
        [typeof(JsonDocument)] = As<JsonDocument>(static (a, b) => JsonElement.DeepEquals(a.RootElement, b.RootElement)),
    };

    internal static Func<object, object, bool>? SameFor(Type type)
        => s_leaves.TryGetValue(type, out var isSame) ? isSame
            : type.IsPrimitive || type.IsEnum ? static (sent, made) => sent.Equals(made)
            : type.IsAssignableTo(typeof(JsonNode)) ? static (sent, made) => AreSameJson((JsonNode)sent, made as JsonNode)
            : Comparers.IsOne(type) ? Comparers.AreSame
            : null;

    private static Func<object, object, bool> As<T>(Func<T, T, bool> areSame)
        => (sent, made) => made is T && areSame((T)sent, (T)made);

    /// <summary>What a node is made of, a number of .NET or the text of one, does not matter.</summary>
    private static bool AreSameJson(JsonNode sent, JsonNode? made)
        => made is not null && sent is JsonObject == made is JsonObject && sent is JsonArray == made is JsonArray && sent.ToJsonString() == made.ToJsonString();
}

/// <summary>What collections compare with: one of the platform has no state that matters, or knows its equals.</summary>
internal static class Comparers
{
    internal static bool IsOne(Type type) => (type.IsAssignableTo(typeof(IEqualityComparer)) || type.IsAssignableTo(typeof(IComparer)))
        && TypeNames.IsOfPlatform(type);

    internal static bool AreSame(object? one, object? other) => Equals(one, other) || (IsOrdinal(one) && IsOrdinal(other));

    internal static string NameOf(object? comparer)
        => Equals(comparer, StringComparer.OrdinalIgnoreCase) ? "StringComparer.OrdinalIgnoreCase"
            : comparer is null ? "none"
            : Equals(comparer, EqualityComparer<string>.Default) || comparer.GetType().DeclaringType is { IsGenericType: true } ? "the default"
            : TypeNames.A(comparer.GetType());

    /// <summary>By default strings are equal if they are the same characters, though they are not sorted so.</summary>
    private static bool IsOrdinal(object? comparer) => Equals(comparer, EqualityComparer<string>.Default) || Equals(comparer, StringComparer.Ordinal);
}

/// <summary>Arrays of numbers, which are compared as they stand in memory.</summary>
internal static class PlainArrays
{
    /// <returns>False also if that cannot be seen from here, as with a NaN of other bits.</returns>
    internal static bool AreSame(Array sent, Array made) => (sent, made) switch
    {
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (int[] a, int[] b) => a.AsSpan().SequenceEqual(b),
        (long[] a, long[] b) => a.AsSpan().SequenceEqual(b),
        (float[] a, float[] b) => MemoryMarshal.AsBytes<float>(a).SequenceEqual(MemoryMarshal.AsBytes<float>(b)),
        (double[] a, double[] b) => MemoryMarshal.AsBytes<double>(a).SequenceEqual(MemoryMarshal.AsBytes<double>(b)),
        (string[] a, string[] b) => a.AsSpan().SequenceEqual(b),
        _ => false,
    };
}
