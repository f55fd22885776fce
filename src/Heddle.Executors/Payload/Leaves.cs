using System.Collections;
using System.Net;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Heddle;

/// <summary>Types of the platform whose values have no parts for others to see, each by what it can be made of again.</summary>
internal static class Leaves
{
    private static readonly Body[] s_all =
    [
        new Leaf<object>(static (_, _) => { }, static _ => new()),

        // Who has waited for a lock does not matter, as little as it does for an object that serves as one.
        new Leaf<Lock>(static (_, _) => { }, static _ => new()),
        new Leaf<BigInteger>(static (w, value) => Bytes(w, value.ToByteArray()), static r => new(r.ReadBytes(r.ReadCount()))),
        new Leaf<Version>(
            static (w, value) => w.WriteRaw((value.Major, value.Minor, value.Build, value.Revision)), static r => MakeVersion(r.ReadRaw<(int, int, int, int)>())),
        new Leaf<Uri>(WriteUri, static r => new(r.ReadString()!, r.ReadByte() == 1 ? UriKind.Absolute : UriKind.Relative)),
        new Leaf<IPAddress>(WriteAddress, static r => r.ReadCount() is 4 ? new(r.ReadBytes(4)) : new(r.ReadBytes(16), r.ReadRaw<long>())),
        new Leaf<JsonElement>(static (w, value) => w.WriteString(value.GetRawText()), static r => JsonElement.Parse(r.ReadString()!)),
        new Leaf<JsonDocument>(static (w, value) => w.WriteString(value.RootElement.GetRawText()), static r => JsonDocument.Parse(r.ReadString()!)),
        new Leaf<JsonNode>(static (w, value) => w.WriteString(value.ToJsonString()), static r => JsonNode.Parse(r.ReadString()!)!),
        new Leaf<IComparer>(static (w, value) => w.WriteByte(Comparers.NumberOf(value)), static r => (IComparer)Comparers.Of(r.ReadByte())!),
    ];

    private static readonly Dictionary<Type, Body> s_byType = s_all.ToDictionary(leaf => leaf.Type);
    private static readonly Dictionary<string, Body> s_byName = s_all.ToDictionary(leaf => leaf.Name);

    internal static Body? Of(Type type)
        => s_byType.TryGetValue(type, out var leaf) ? leaf
            : type.IsAssignableTo(typeof(JsonNode)) ? s_byType[typeof(JsonNode)]
            : type.IsAssignableTo(typeof(StringComparer)) && TypeNames.IsOfPlatform(type) ? s_byType[typeof(IComparer)]
            : null;

    internal static Body? Named(string name) => s_byName.GetValueOrDefault(name);

    private static void Bytes(PayloadWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.WriteInt32(bytes.Length);
        writer.WriteBytes(bytes);
    }

    private static void WriteUri(PayloadWriter writer, Uri value)
    {
        var kind = value.IsAbsoluteUri ? UriKind.Absolute : UriKind.Relative;
        if (new Uri(value.OriginalString, kind) is var made && $"{made}" != $"{value}")
        {
            throw new Refusal("it was made with options that a Uri does not tell. Send its text");
        }

        writer.WriteString(value.OriginalString);
        writer.WriteByte(kind == UriKind.Absolute ? (byte)1 : (byte)0);
    }

    private static void WriteAddress(PayloadWriter writer, IPAddress value)
    {
        var bytes = value.GetAddressBytes();
        Bytes(writer, bytes);
        if (bytes.Length > 4)
        {
            writer.WriteRaw(value.ScopeId);
        }
    }

    private static Version MakeVersion((int Major, int Minor, int Build, int Revision) parts)
        => parts.Build < 0 ? new(parts.Major, parts.Minor)
            : parts.Revision < 0 ? new(parts.Major, parts.Minor, parts.Build)
            : new(parts.Major, parts.Minor, parts.Build, parts.Revision);

    private sealed class Leaf<T>(Action<PayloadWriter, T> write, Func<PayloadReader, T> read) : Body(typeof(T))
        where T : notnull
    {
        internal override string Name => typeof(T).FullName!;

        /// <summary>What is made may be of a derived type: it is looked at where it is put.</summary>
        internal override bool CanBe(Type declared) => declared.IsAssignableFrom(Type) || Type.IsAssignableFrom(declared) || Type == typeof(IComparer);

        internal override void Write(PayloadWriter writer, object value) => write(writer, (T)value);

        internal override object Read(PayloadReader reader, int number) => read(reader);
    }
}

/// <summary>What collections compare with. Those of the platform that need nothing else are known by number.</summary>
internal static class Comparers
{
    private static readonly object?[] s_known =
    [
        null, StringComparer.Ordinal, StringComparer.OrdinalIgnoreCase, StringComparer.InvariantCulture, StringComparer.InvariantCultureIgnoreCase,
        ReferenceEqualityComparer.Instance,
    ];

    /// <summary>The default is 0.</summary>
    /// <exception cref="Refusal">It is another one.</exception>
    internal static byte NumberOf(object? comparer, object? standard = null)
    {
        if (comparer is null || comparer.Equals(standard))
        {
            return 0;
        }

        var number = Array.FindIndex(s_known, 1, known => known!.Equals(comparer));
        return number > 0 ? (byte)number : throw new Refusal(
            $"what it compares by, {TypeNames.A(comparer.GetType())}, may mean something else in another process. Send what is in it, and let the function make one that compares so");
    }

    internal static object? Of(byte number) => number < s_known.Length ? s_known[number] : throw new InvalidDataException("There is no such comparer.");
}

/// <summary>Why types are not sent.</summary>
internal static class Refusals
{
    /// <summary>Of the platform, with fields that are theirs to show.</summary>
    private static readonly HashSet<Type> s_open =
    [
        typeof(KeyValuePair<,>), typeof(System.Collections.Immutable.ImmutableArray<>), typeof(DictionaryEntry), typeof(IPEndPoint),
        typeof(System.Collections.ObjectModel.Collection<>), typeof(System.Collections.ObjectModel.ReadOnlyCollection<>),
        typeof(System.Collections.ObjectModel.ObservableCollection<>), typeof(System.Collections.ObjectModel.ReadOnlyDictionary<,>),
    ];

    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Only where nothing is trimmed.")]
    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The same.")]
    internal static string? Of(Type type)
    {
        if (type.IsPointer || type.IsFunctionPointer || type == typeof(nint) || type == typeof(nuint) || type.IsByRefLike || type.ContainsGenericParameters)
        {
            return "a pointer means nothing in another process";
        }

        if (type.IsInterface || type.IsAbstract)
        {
            return $"a {TypeNames.Of(type)} says nothing of what it is";
        }

        if (type.IsAssignableTo(typeof(Delegate)))
        {
            return $"a function, {TypeNames.A(type)}, is of its process. Let the function that is called know what to do, or send a name for it";
        }

        if (type == typeof(CancellationToken))
        {
            return "a token is of its process. Let the function take one as its last parameter and pass none: the executor gives it one that the caller's scope cancels";
        }

        if (type.Assembly.IsDynamic)
        {
            return $"{TypeNames.A(type)} is of a type that was made at run time, so no other process has it";
        }

        if (TypeNames.IsIterator(type))
        {
            var items = type.GetInterfaces().FirstOrDefault(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
            return $"an iterator makes its items as they are asked for. Send a List<{TypeNames.Of(items ?? typeof(object))}> or {TypeNames.A(items ?? typeof(object))}[] of what is in it";
        }

        for (var each = type; each is not null && each != typeof(object) && each != typeof(ValueType); each = each.BaseType)
        {
            var definition = each.IsGenericType ? each.GetGenericTypeDefinition() : each;
            if (Contents.IsKnown(definition))
            {
                return null;
            }

            if (TypeNames.IsOfPlatform(each) && !s_open.Contains(definition) && !each.IsAssignableTo(typeof(ITuple)))
            {
                return each == type ? $"{TypeNames.A(type)} is more than data, or has state that only its process can have"
                    : $"{TypeNames.A(type)} is {TypeNames.A(each)}, which is more than data";
            }

            if (each.GetMethod("Finalize", Fields.Own, []) is not null)
            {
                return $"{TypeNames.A(each)} has a finalizer, which would run for each copy";
            }
        }

        return null;
    }
}

/// <summary>Says why something is not sent or not taken; where that is, is known to who catches it.</summary>
internal sealed class Refusal(string why) : Exception(why);
