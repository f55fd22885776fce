using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Heddle;

/// <summary>Types of which a receiver sees the items alone, as no declared type but an interface has room for both.</summary>
internal static class Interchangeable
{
    private static readonly HashSet<Type> s_lists =
    [
        typeof(Collection<>), typeof(ReadOnlyCollection<>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(LinkedList<>), typeof(Queue<>),
    ];

    /// <summary>Whether that is what JSON makes for an interface that promises items in their order, and this is another list of them.</summary>
    internal static bool Are(Type sent, Type made) => IsList(made) && (sent.IsSZArray || IsOfCompiler(sent) || IsKnown(sent));

    internal static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>);

    /// <summary>A collection expression, [1, 2], that is declared as an interface.</summary>
    private static bool IsOfCompiler(Type type) => type.Name.StartsWith("<>z__ReadOnly", StringComparison.Ordinal);

    private static bool IsKnown(Type type) => type.IsGenericType && s_lists.Contains(type.GetGenericTypeDefinition());
}
