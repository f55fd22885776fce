using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Heddle;

/// <summary>Types that somebody has given a converter or a context, and in a trimmed program all that need more than their bytes.</summary>
/// <remarks>No look at them tells what their properties, constructors and converters make of a value, so it is made again here and compared.</remarks>
internal sealed class JsonBody(Type type) : Body(type)
{
    private JsonTypeInfo? _info;
    private Body? _fields;

    internal override bool IsMadeLast => !Type.IsValueType;

    internal override void Write(PayloadWriter writer, object value)
    {
        if (writer.ByFieldsOnly)
        {
            ByFields.Write(writer, value);
            return;
        }

        var info = _info ??= WorkJson.Describe(Type);
        var json = JsonSerializer.SerializeToUtf8Bytes(value, info);
        writer.WriteInt32(json.Length);
        writer.WriteBytes(json);
        object? made;
        try
        {
            made = JsonSerializer.Deserialize(json, info);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new Refusal($"no {TypeNames.Of(Type)} can be made of its JSON again ({failure.Message})");
        }

        var inside = Reflective.IsSupported ? ThrowIfChanged(writer, value, made, info) : new JsonTwins(writer).ThrowIfChanged(value, made, info);
        writer.OpenAll(inside.Where(each => !ReferenceEquals(each, value)).ToArray());
    }

    internal override object Read(PayloadReader reader, int number)
    {
        var json = reader.ReadBytes(reader.ReadCount());
        var value = JsonSerializer.Deserialize(json, _info ??= WorkJson.Describe(Type)) ?? throw new InvalidDataException("An object was sent as the JSON of none.");
        for (var inside = reader.ReadInt32(); inside > 0; inside--)
        {
            reader.Reserve();
        }

        return value;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only where nothing is trimmed.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "The same.")]
    private Body ByFields => _fields ??= Contents.BodyFor(Type) ?? new FieldsBody(Type);

    private IEnumerable<object> ThrowIfChanged(PayloadWriter writer, object value, object? made, JsonTypeInfo info)
    {
        if (made?.GetType() != value.GetType())
        {
            throw new Refusal($"it is {TypeNames.A(value.GetType())}, and would be {(made is null ? "null" : TypeNames.A(made.GetType()))}");
        }

        var sent = new PayloadWriter { ByFieldsOnly = true };
        writer.Within(sent, to => to.WriteValue(this, value));
        if (!IsSame(sent, made))
        {
            // To write a value is to read its properties, and some remember then what they have computed: so does the copy, once it is written.
            JsonSerializer.Serialize(Stream.Null, made, info);
            writer.Within(Twin(sent), twin => Compare(sent, twin, made));
        }

        return sent.Objects;
    }

    private bool IsSame(PayloadWriter sent, object made)
    {
        try
        {
            Compare(sent, Twin(sent), made);
            return true;
        }
        catch (Refusal)
        {
            return false;
        }
    }

    private static PayloadWriter Twin(PayloadWriter sent)
    {
        var twin = new PayloadWriter { ByFieldsOnly = true };
        twin.Expect(sent.Written);
        return twin;
    }

    private void Compare(PayloadWriter sent, PayloadWriter twin, object made)
    {
        twin.WriteValue(this, made);
        if (twin.Length != sent.Length)
        {
            throw new Refusal("some of it would be lost");
        }
    }
}

/// <summary>Compares a value with what was made of its JSON, by what its JSON has: a native program knows no fields.</summary>
internal sealed class JsonTwins(PayloadWriter writer)
{
    private readonly HashSet<object> _met = new(ReferenceEqualityComparer.Instance);

    internal HashSet<object> ThrowIfChanged(object? sent, object? made, JsonTypeInfo info)
    {
        if (sent is null || made is null || sent.GetType() != made.GetType())
        {
            return sent == made ? _met : throw new Refusal(
                $"it is {(sent is null ? "null" : TypeNames.A(sent.GetType()))}, and would be {(made is null ? "null" : TypeNames.A(made.GetType()))}");
        }

        if (sent is not string && !sent.GetType().IsValueType && !_met.Add(sent))
        {
            throw new Refusal("it is in two places of what is sent, and would arrive as two. Send it once, or a copy");
        }

        foreach (var property in info.Properties.Where(property => property.Get is not null))
        {
            writer.Enter(new(info.Type, property.Name));
            ThrowIfChanged(property.Get!(sent), property.Get(made), InfoOf(property.Get(sent), property.PropertyType));
            writer.Leave();
        }

        if (info.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary && sent is IEnumerable items)
        {
            ThrowIfOther(ComparerOf(sent), ComparerOf(made));
            ThrowIfChanged(items, (IEnumerable)made);
        }
        else if (info.Kind is JsonTypeInfoKind.None && !(Same(sent, made) || JsonSerializer.Serialize(sent, info) == JsonSerializer.Serialize(made, info)))
        {
            throw new Refusal("it would be another one");
        }

        return _met;
    }

    private static bool Same(object sent, object made) => sent is decimal one ? decimal.GetBits(one).SequenceEqual(decimal.GetBits((decimal)made)) : sent.Equals(made);

    private void ThrowIfChanged(IEnumerable sent, IEnumerable made)
    {
        var others = made.GetEnumerator();
        using var _ = others as IDisposable;
        var count = 0;
        foreach (var item in sent)
        {
            if (!others.MoveNext())
            {
                throw new Refusal($"it would have {count} items, and has more");
            }

            writer.Enter(null, count++);
            ThrowIfChangedItem(item, others.Current);
            writer.Leave();
        }

        if (others.MoveNext())
        {
            throw new Refusal($"it has {count} items, and would have more");
        }
    }

    private void ThrowIfChangedItem(object? sent, object? made)
    {
        if (sent is not null && WorkJson.Options.TryGetTypeInfo(sent.GetType(), out var info))
        {
            ThrowIfChanged(sent, made, info);
        }
        else if (!Equals(sent, made) && $"{sent}" != $"{made}")
        {
            throw new Refusal("it would be another one");
        }
    }

    private static JsonTypeInfo InfoOf(object? value, Type declared)
        => WorkJson.Options.TryGetTypeInfo(value?.GetType() ?? declared, out var info) ? info : WorkJson.Options.GetTypeInfo(declared);

    private static void ThrowIfOther(object? sent, object? made)
    {
        if (!Equals(sent, made))
        {
            throw new Refusal($"what it compares by, {TypeNames.A(sent!.GetType())}, would be another one");
        }
    }

    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(HashSet<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(SortedSet<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(Dictionary<,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(SortedDictionary<,>))]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Those of the collections that JSON makes are kept.")]
    private static object? ComparerOf(object items) => items.GetType().GetProperty("Comparer")?.GetValue(items);
}

/// <summary>How values are written as JSON.</summary>
internal static class WorkJson
{
    private static readonly Lock s_gate = new();
    private static readonly List<IJsonTypeInfoResolver> s_resolvers = [];
    private static JsonSerializerOptions? s_options;

    internal static JsonSerializerOptions Options
    {
        get
        {
            lock (s_gate)
            {
                return s_options ??= Make();
            }
        }
    }

    internal static void Add(IJsonTypeInfoResolver types)
    {
        lock (s_gate)
        {
            if (s_options is not null)
            {
                throw new InvalidOperationException(
                    "Types were sent already, so it is too late to say how. Call WorkRegistry.AddJson at the start of Main, before ProcessExecutor.RunWorkerIfAsked.");
            }

            s_resolvers.Add(types);
        }
    }

    /// <summary>Whether somebody has said how the type is written.</summary>
    internal static bool Knows(Type type)
    {
        var options = Options;
        return type.IsDefined(typeof(JsonConverterAttribute), inherit: false) || s_resolvers.Exists(resolver => resolver.GetTypeInfo(type, options) is not null);
    }

    internal static JsonTypeInfo Describe(Type type)
    {
        var info = Options.GetTypeInfo(type);
        return info is not { Kind: JsonTypeInfoKind.Object, Properties.Count: 0, PolymorphismOptions: null } ? info
            : throw new Refusal("it has no public properties or fields, so nothing of it would arrive");
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            // Tuples have nothing else.
            IncludeFields = true,
            Converters = { new Dates() },
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            TypeInfoResolver = JsonTypeInfoResolver.Combine([.. s_resolvers]),
        };
        if (Reflective.IsSupported)
        {
            AddReflection(options);
        }

        options.MakeReadOnly();
        return options;
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    [RequiresDynamicCode(Reflective.Why)]
    private static void AddReflection(JsonSerializerOptions options) => options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());

    /// <summary>A time as it stands in memory: JSON's own text of a local one would be another time of day where the worker's zone is another one.</summary>
    private sealed class Dates : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Of(reader.GetUInt64());

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
            => writer.WriteNumberValue(Unsafe.BitCast<DateTime, ulong>(value));

        public override DateTime ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => Of(ulong.Parse(reader.GetString()!, CultureInfo.InvariantCulture));

        public override void WriteAsPropertyName(Utf8JsonWriter writer, [DisallowNull] DateTime value, JsonSerializerOptions options)
            => writer.WritePropertyName(Unsafe.BitCast<DateTime, ulong>(value).ToString(CultureInfo.InvariantCulture));

        private static DateTime Of(ulong bits) => Unsafe.BitCast<ulong, DateTime>(bits);
    }
}
