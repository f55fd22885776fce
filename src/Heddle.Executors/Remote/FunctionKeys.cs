using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>What tells a worker which function is meant; and on the worker, the functions that were asked for so far.</summary>
internal static class FunctionKeys
{
    private static readonly ConditionalWeakTable<Delegate, Known> s_keys = [];
    private static readonly ConcurrentDictionary<byte[], WorkItem> s_functions = new(new ByBytes());

    private static readonly ConcurrentDictionary<byte[], WorkItem>.AlternateLookup<ReadOnlySpan<byte>> s_byKey =
        s_functions.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <exception cref="NotPortableException">The worker could not find the function by itself.</exception>
    internal static void Write(PayloadWriter writer, WorkItem work)
    {
        if (!s_keys.TryGetValue(work.Function, out var known) || known.TakesToken != work.TakesToken)
        {
            known = new(work.TakesToken, Make(work));
            s_keys.AddOrUpdate(work.Function, known);
        }

        writer.WriteInt32(known.Key.Length);
        writer.WriteBytes(known.Key);
    }

    /// <summary>The function, with arguments of no meaning.</summary>
    /// <param name="key">What was written.</param>
    /// <param name="onlyRegistered">Whether others are refused.</param>
    internal static WorkItem Find(ReadOnlySpan<byte> key, bool onlyRegistered)
    {
        if (onlyRegistered && key is not [(byte)KeyKind.Registered, ..])
        {
            throw new NotPortableException(
                "This worker calls registered functions only, and the caller names one by its place in its assembly. Register it with WorkRegistry.Add on both sides.");
        }

        if (!s_byKey.TryGetValue(key, out var function))
        {
            function = Resolve(new(key.ToArray()));
            s_functions.TryAdd(key.ToArray(), function);
        }

        return function;
    }

    private static byte[] Make(WorkItem work)
    {
        var key = new PayloadWriter();
        if (WorkRegistry.Of(work.Function) is { } registered)
        {
            key.WriteByte((byte)KeyKind.Registered);
            key.WriteString(registered.Name);
            key.WriteString(registered.Signature);
        }
        else if (Reflective.IsSupported)
        {
            key.WriteByte((byte)KeyKind.Reflected);
            ReflectedFunction.Write(key, work);
        }
        else
        {
            throw new NotPortableException(
                $"A worker of this program cannot find {work}: the program is trimmed, so functions are not found by reflection. "
                + "Call WorkRegistry.Add(F) with the static method F at the start of Main, before ProcessExecutor.RunWorkerIfAsked.");
        }

        return key.Written.ToArray();
    }

    private static WorkItem Resolve(PayloadReader key)
    {
        if (key.ReadByte() == (byte)KeyKind.Registered)
        {
            return WorkRegistry.Find(key.ReadString()!, key.ReadString()!);
        }

        return Reflective.IsSupported
            ? ReflectedFunction.Read(key)
            : throw new NotPortableException(
                "The caller names a function by its place in its assembly, and this worker is trimmed. Register the function with WorkRegistry.Add on both sides.");
    }

    /// <summary>How a key names its function.</summary>
    private enum KeyKind : byte
    {
        /// <summary>By the name that it was registered with.</summary>
        Registered,

        /// <summary>By its place in its assembly.</summary>
        Reflected,
    }

    private sealed record Known(bool TakesToken, byte[] Key);

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
