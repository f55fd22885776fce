using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Heddle;

/// <summary>What of a type's values is compared.</summary>
internal sealed class Shape
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConditionalWeakTable<Type, Shape> s_shapes = [];

    /// <summary>Those whose fields depend on what they have been through, and which are the same if they give the same in the same order.</summary>
    private static readonly HashSet<Type> s_collections =
    [
        typeof(List<>), typeof(LinkedList<>), typeof(Queue<>), typeof(Stack<>), typeof(HashSet<>), typeof(SortedSet<>),
        typeof(Dictionary<,>), typeof(OrderedDictionary<,>), typeof(SortedDictionary<,>), typeof(SortedList<,>),
        typeof(ConcurrentQueue<>), typeof(ConcurrentStack<>), typeof(ConcurrentBag<>), typeof(ConcurrentDictionary<,>),
        typeof(ImmutableList<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>),
        typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>),
    ];

    private Shape(Type type)
    {
        IsSame = Leaves.SameFor(type);
        HasIdentity = !type.IsValueType;
        if (IsSame is not null)
        {
            return;
        }

        if (type.IsArray)
        {
            Content = Content.Array;
            return;
        }

        var collection = CollectionIn(type);
        Content = collection is null ? Content.None
            : collection.GetGenericTypeDefinition() == typeof(ConcurrentDictionary<,>) ? Content.UnorderedMap
            : collection.IsAssignableTo(typeof(System.Collections.IDictionary)) ? Content.Map
            : Content.Sequence;
        Comparers = collection is null ? [] : ComparersOf(collection);
        if (RuntimeFeature.IsDynamicCodeSupported && Views.ItemsOf(type) is { } items)
        {
            (Content, Items) = (Content.View, items);
        }
        else if (RuntimeFeature.IsDynamicCodeSupported)
        {
            Members = FieldsOf(type, collection);
        }
        else
        {
            AddWhatJsonKnows(type);
        }
    }

    /// <summary>For what has no parts: whether two are the same.</summary>
    internal Func<object, object, bool>? IsSame { get; private set; }

    /// <summary>Whether it matters that two are one object.</summary>
    internal bool HasIdentity { get; }

    internal Content Content { get; private set; }

    internal Member[] Members { get; private set; } = [];

    /// <summary>What is in sight of a view.</summary>
    internal Func<object, Array>? Items { get; }

    /// <summary>Properties that give what a collection compares with.</summary>
    internal PropertyInfo[] Comparers { get; } = [];

    internal static Shape Of(Type type) => s_shapes.GetValue(type, static type => new(type));

    private static Type? CollectionIn(Type type)
    {
        for (var each = type; each is not null; each = each.BaseType)
        {
            if (each.IsGenericType && s_collections.Contains(each.GetGenericTypeDefinition()))
            {
                return each;
            }
        }

        return null;
    }

    /// <summary>All, of all bases, up to that one.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A field that was trimmed away is used by nobody, so it holds nothing.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The same.")]
    private static Member[] FieldsOf(Type type, Type? end)
    {
        var members = new List<Member>();
        // Who has waited for a lock does not matter, as little as it does for an object that serves as one.
        for (var each = type == typeof(Lock) ? null : type; each is not null && each != end && each != typeof(object); each = each.BaseType)
        {
            members.AddRange(each.GetFields(Own).Where(field => !field.IsDefined(typeof(NonSerializedAttribute))).Select(field => new Member(field)));
        }

        return [.. members];
    }

    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(HashSet<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(SortedSet<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(Dictionary<,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(OrderedDictionary<,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(SortedDictionary<,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(SortedList<,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(ConcurrentDictionary<,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(ImmutableHashSet<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(ImmutableSortedSet<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(ImmutableDictionary<,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(ImmutableSortedDictionary<,>))]
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Those of all collections that are known here are kept.")]
    private static PropertyInfo[] ComparersOf(Type collection) =>
    [
        .. collection.GetProperties().Where(property => property.PropertyType.IsGenericType
            && property.PropertyType.GetGenericTypeDefinition() is var type && (type == typeof(IEqualityComparer<>) || type == typeof(IComparer<>))),
    ];

    /// <summary>A native program does not know its fields: what JSON has is all that can be compared.</summary>
    private void AddWhatJsonKnows(Type type)
    {
        if (Content != Content.None || !WorkJson.Options.TryGetTypeInfo(type, out var info))
        {
            return;
        }

        Content = info.Kind == JsonTypeInfoKind.Enumerable && type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? Content.Sequence : Content.None;
        if (info.Kind == JsonTypeInfoKind.None || (info.Kind == JsonTypeInfoKind.Enumerable && Content == Content.None))
        {
            IsSame = (sent, made) => sent.GetType() == made.GetType() && (sent.Equals(made) || WorkJson.TextOf(sent, info) == WorkJson.TextOf(made, info));
        }

        Members = [.. info.Properties.Where(property => property.Get is not null).Select(property => new Member(type, property))];
    }
}

/// <summary>What an object consists of besides its members.</summary>
internal enum Content
{
    None,
    Array,
    View,
    Sequence,
    Map,
    UnorderedMap,
}

/// <summary>A field, or where fields are not known a property.</summary>
internal sealed class Member
{
    internal Member(FieldInfo field)
    {
        Owner = field.DeclaringType!;
        Get = field.GetValue;

        // The compiler calls the field of a property <Name>k__BackingField, and that of a captured parameter <name>P.
        Name = field.Name.StartsWith('<') && field.Name.IndexOf('>') is var end and > 1 ? field.Name[1..end] : field.Name;
        IsOfPlatform = TypeNames.IsOfPlatform(Owner);
        IsPublic = field.IsPublic;
    }

    internal Member(Type owner, JsonPropertyInfo property) => (Owner, Get, Name) = (owner, property.Get!, property.Name);

    internal Type Owner { get; }

    internal string Name { get; }

    internal bool IsOfPlatform { get; }

    internal bool IsPublic { get; } = true;

    internal Func<object, object?> Get { get; }
}
