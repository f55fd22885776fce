using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>What values of one type consist of: the closed world of what is sent.</summary>
/// <remarks>
/// A type of the platform is in a table, or refused: what its fields mean is not ours to know. A type of the program goes by all fields of all its bases, whatever they are called and whoever can see them,
/// and is made without its constructor. One that somebody has given a converter or a context goes by that. No name makes anything that is not in this world,
/// and none that does not fit where it stands.
/// </remarks>
internal abstract class Body(Type type)
{
    private static readonly ConcurrentDictionary<Type, Body> s_bodies = new(new Dictionary<Type, Body>
    {
        // These need no reflection, so a trimmed program has them, too.
        [typeof(byte[])] = new ArrayBody<byte>(),
        [typeof(int[])] = new ArrayBody<int>(),
        [typeof(long[])] = new ArrayBody<long>(),
        [typeof(float[])] = new ArrayBody<float>(),
        [typeof(double[])] = new ArrayBody<double>(),
        [typeof(string[])] = new ArrayBody<string>(),
    });

    private static readonly ConcurrentDictionary<string, Body> s_named = new();

    internal Type Type { get; } = type;

    /// <summary>By which the other side finds it.</summary>
    internal virtual string Name => Type.AssemblyQualifiedName!;

    /// <summary>Differs where fields differ; 0 where both sides know what there is.</summary>
    internal virtual int Layout => 0;

    /// <summary>Whether the object is there only when all that is in it is.</summary>
    internal virtual bool IsMadeLast => false;

    internal abstract void Write(PayloadWriter writer, object value);

    /// <param name="reader">Told of the object as soon as it is there.</param>
    /// <param name="number">The object's.</param>
    internal abstract object Read(PayloadReader reader, int number);

    internal virtual bool CanBe(Type declared) => declared.IsAssignableFrom(Type);

    /// <exception cref="Refusal">Such values are not sent.</exception>
    internal static Body Of(Type type) => s_bodies.TryGetValue(type, out var body) ? body : s_bodies.GetOrAdd(type, Make(type));

    /// <exception cref="Refusal">There is no such type, it cannot be here, or such values are not sent.</exception>
    internal static Body Named(string name, Type declared)
    {
        if (!s_named.TryGetValue(name, out var body))
        {
            body = Leaves.Named(name) ?? (Reflective.IsSupported ? Of(WorkAssemblies.FindType(name)) : throw new Refusal($"a trimmed program knows no type {name}"));
            s_named.TryAdd(name, body);
        }

        return body.CanBe(declared) ? body : throw new Refusal($"a {TypeNames.Of(body.Type)} has come in the place of a {TypeNames.Of(declared)}");
    }

    private static Body Make(Type type)
    {
        if (!Reflective.IsSupported)
        {
            return new JsonBody(type);
        }

        return Leaves.Of(type) ?? Reflect(type);
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    [RequiresDynamicCode(Reflective.Why)]
    private static Body Reflect(Type type)
    {
        if (type.IsArray && !type.GetElementType()!.IsPointer)
        {
            return (Body)Activator.CreateInstance(typeof(ArrayBody<>).MakeGenericType(type.GetElementType()!), type)!;
        }

        if (type.IsValueType && typeof(void) != type && !type.IsByRefLike && !type.ContainsGenericParameters && IsPlain(type))
        {
            return (Body)Activator.CreateInstance(typeof(RawBody<>).MakeGenericType(type))!;
        }

        if (Refusals.Of(type) is { } why)
        {
            throw new Refusal(why);
        }

        return WorkJson.Knows(type) ? new JsonBody(type) : Contents.BodyFor(type) ?? new FieldsBody(type);
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    [RequiresDynamicCode(Reflective.Why)]
    private static bool IsPlain(Type type)
        => Plain.Is(type, (bool)typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!.MakeGenericMethod(type).Invoke(null, null)!);
}

/// <summary>A structure without references, in the place of an object.</summary>
internal sealed class RawBody<T>() : Body(typeof(T))
{
    internal override void Write(PayloadWriter writer, object value) => writer.WriteRaw((T)value);

    internal override object Read(PayloadReader reader, int number) => reader.ReadRaw<T>()!;
}

/// <summary>An array of any rank, with its bounds.</summary>
internal sealed class ArrayBody<T>(Type type) : Body(type)
{
    public ArrayBody()
        : this(typeof(T[]))
    {
    }

    internal override void Write(PayloadWriter writer, object value)
    {
        if (value is T[] items && Type.IsSZArray)
        {
            writer.WriteInt32(items.Length);
            Codec<T>.Get().WriteItems(writer, items);
            return;
        }

        var grid = (Array)value;
        for (var i = 0; i < grid.Rank; i++)
        {
            writer.WriteInt32(grid.GetLength(i));
            writer.WriteInt32(grid.GetLowerBound(i));
        }

        Codec<T>.Get().WriteItems(writer, grid.Cast<T>().ToArray());
    }

    internal override object Read(PayloadReader reader, int number)
    {
        if (Type.IsSZArray)
        {
            var items = new T[reader.ReadCount()];
            reader.Set(number, items);
            Codec<T>.Get().ReadItems(reader, items);
            return items;
        }

        return ReadGrid(reader, number);
    }

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only where nothing is trimmed.")]
    private Array ReadGrid(PayloadReader reader, int number)
    {
        var (lengths, bounds) = (new int[Type.GetArrayRank()], new int[Type.GetArrayRank()]);
        var count = 1;
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = reader.ReadInt32();
            bounds[i] = reader.ReadInt32();
            count = checked(count * lengths[i]);
        }

        if (lengths.Min() < 0 || count > reader.Left)
        {
            throw new InvalidDataException("An array was sent with other bounds than items.");
        }

        var grid = Array.CreateInstance(typeof(T), lengths, bounds);
        reader.Set(number, grid);
        var items = new T[count];
        Codec<T>.Get().ReadItems(reader, items);
        var index = (int[])bounds.Clone();
        foreach (var item in items)
        {
            grid.SetValue(item, index);
            for (var i = index.Length - 1; i >= 0 && ++index[i] == bounds[i] + lengths[i] && i > 0; i--)
            {
                index[i] = bounds[i];
            }
        }

        return grid;
    }
}

/// <summary>An object or a structure as its fields.</summary>
internal sealed class FieldsBody : Body
{
    private readonly Member[] _members;

    [RequiresUnreferencedCode(Reflective.Why)]
    [RequiresDynamicCode(Reflective.Why)]
    internal FieldsBody(Type type)
        : base(type)
    {
        _members = Member.AllOf(type, end: null);
        Layout = Fields.HashOf(type, 17) | 1;
    }

    internal override int Layout { get; }

    internal override void Write(PayloadWriter writer, object value) => Member.WriteAll(writer, _members, value);

    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "Only where nothing is trimmed.")]
    internal override object Read(PayloadReader reader, int number)
    {
        var value = RuntimeHelpers.GetUninitializedObject(Type);
        reader.Set(number, value);
        Member.ReadAll(reader, _members, value);
        return value;
    }
}

/// <summary>A field, and how its value is written.</summary>
internal sealed class Member
{
    private readonly FieldInfo _field = null!;
    private readonly Slot? _slot;

    [RequiresUnreferencedCode(Reflective.Why)]
    [RequiresDynamicCode(Reflective.Why)]
    private Member(FieldInfo field)
    {
        (_field, Owner) = (field, field.DeclaringType!);
        var type = field.FieldType;
        _slot = type.IsPointer || type.IsFunctionPointer || type == typeof(nint) || type == typeof(nuint) ? null
            : (Slot)Activator.CreateInstance(typeof(Slot<>).MakeGenericType(type))!;

        // The compiler calls the field of a property <Name>k__BackingField, and that of a captured parameter <name>P.
        Name = field.Name.StartsWith('<') && field.Name.IndexOf('>') is var end and > 1 ? field.Name[1..end] : field.Name;
    }

    /// <summary>A property, for errors.</summary>
    internal Member(Type owner, string name) => (Owner, Name) = (owner, name);

    internal Type Owner { get; }

    internal string Name { get; }

    /// <summary>What the platform calls its private parts tells nobody anything.</summary>
    internal bool IsHidden => _field is { IsPublic: false } && TypeNames.IsOfPlatform(Owner);

    /// <summary>All fields of the type and its bases, up to that one, but for those that are to stay.</summary>
    [RequiresUnreferencedCode(Reflective.Why)]
    [RequiresDynamicCode(Reflective.Why)]
    internal static Member[] AllOf(Type type, Type? end)
    {
        var members = new List<Member>();
        for (var each = type; each is not null && each != end && each != typeof(object); each = each.BaseType)
        {
            members.AddRange(each.GetFields(Fields.Own).Where(Fields.Goes).Select(field => new Member(field)));
        }

        return [.. members];
    }

    internal static void WriteAll(PayloadWriter writer, Member[] members, object value)
    {
        foreach (var member in members)
        {
            writer.Enter(member);
            var part = member._field.GetValue(value);
            if (member._slot is { } slot)
            {
                slot.Write(writer, part);
            }
            else if (!IsNone(part))
            {
                throw new Refusal("a pointer means nothing in another process");
            }

            writer.Leave();
        }
    }

    internal static void ReadAll(PayloadReader reader, Member[] members, object value)
    {
        foreach (var member in members)
        {
            if (member._slot is { } slot)
            {
                member._field.SetValue(value, slot.Read(reader));
            }
        }
    }

    private static unsafe bool IsNone(object? pointer) => pointer switch
    {
        null or (nint)0 => true,
        nuint number => number == 0,
        Pointer some => Pointer.Unbox(some) == null,
        _ => false,
    };

    private abstract class Slot
    {
        internal abstract void Write(PayloadWriter writer, object? value);

        internal abstract object? Read(PayloadReader reader);
    }

    private sealed class Slot<T> : Slot
    {
        internal override void Write(PayloadWriter writer, object? value) => Codec<T>.Get().Write(writer, (T)value!);

        internal override object? Read(PayloadReader reader) => Codec<T>.Get().Read(reader);
    }
}

/// <summary>Fields of types.</summary>
internal static class Fields
{
    internal const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    internal const BindingFlags Own = All | BindingFlags.DeclaredOnly;

    internal static bool Goes(FieldInfo field) => !field.IsDefined(typeof(NonSerializedAttribute), inherit: false);

    /// <summary>The same in every process, and another one where a field has another name or type.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Only where nothing is trimmed.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The same.")]
    internal static int HashOf(Type type, int hash)
    {
        for (var each = type; each is not null && each != typeof(object); each = each.BaseType)
        {
            foreach (var field in each.GetFields(Own).Where(Fields.Goes))
            {
                hash = Add(Add(hash, field.Name), field.FieldType.ToString());
                if (field.FieldType is { IsValueType: true, IsPrimitive: false, IsEnum: false } inner && inner != type && !TypeNames.IsOfPlatform(inner))
                {
                    hash = HashOf(inner, hash);
                }
            }
        }

        return hash;
    }

    private static int Add(int hash, string text)
    {
        foreach (var letter in text)
        {
            hash = unchecked((hash * 16777619) ^ letter);
        }

        return hash;
    }
}
