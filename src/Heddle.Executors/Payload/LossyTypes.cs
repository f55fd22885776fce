using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Heddle;

/// <summary>Refuses what JSON would take and give back changed, without a word, as far as types show it.</summary>
internal static class LossyTypes
{
    private static readonly Type[] s_stacks = [typeof(Stack<>), typeof(ConcurrentStack<>), typeof(ImmutableStack<>)];

    /// <exception cref="NotSupportedException">It would, or something in it.</exception>
    internal static void ThrowIfSo(JsonTypeInfo type) => ThrowIfSo(type, []);

    private static void ThrowIfSo(JsonTypeInfo type, HashSet<Type> seen)
    {
        // Who has written a converter knows what it does. One for segments is here, and sends what is in them as it would go without.
        if (type.Type.IsGenericType && type.Type.GetGenericTypeDefinition() == typeof(ArraySegment<>)
            && type.Options.TryGetTypeInfo(type.Type.GetGenericArguments()[0], out var item))
        {
            ThrowIfSo(item, seen);
        }

        if (!seen.Add(type.Type) || type.Converter.GetType().Assembly != typeof(JsonSerializer).Assembly)
        {
            return;
        }

        if (type.Type == typeof(object))
        {
            throw new NotSupportedException("What is declared as object would arrive as a JsonElement, whatever it was. Declare the type that it has.");
        }

        if (type.Type.IsGenericType && s_stacks.Contains(type.Type.GetGenericTypeDefinition()))
        {
            throw new NotSupportedException($"A {TypeNames.Of(type.Type)} would arrive upside down. Send an array of what is in it.");
        }

        var sent = type.Properties.Where(property => property is { Get: not null, CustomConverter: null }).ToArray();
        if (sent.FirstOrDefault(IsDropped) is { } dropped)
        {
            throw new NotSupportedException(
                $"{TypeNames.Of(type.Type)}.{dropped.Name} would arrive without its value, as its setter is not public. Mark it with [JsonInclude], or with "
                + "[JsonIgnore] and [field: NonSerialized] if it need not arrive, or let the constructor have a parameter of its name.");
        }

        foreach (var inner in sent.Select(property => property.PropertyType).Append(type.ElementType).OfType<Type>())
        {
            if (type.Options.TryGetTypeInfo(inner, out var info))
            {
                ThrowIfSo(info, seen);
            }
        }
    }

    private static bool IsDropped(JsonPropertyInfo property) => property is
    {
        Set: null,
        AssociatedParameter: null,
        AttributeProvider: PropertyInfo { SetMethod.IsPublic: false },
    };
}
