using System.Diagnostics.CodeAnalysis;

namespace Heddle;

/// <summary>Windows onto an array, of which a receiver sees what is in them.</summary>
internal static class Views
{
    private static readonly HashSet<Type> s_views = [typeof(Memory<>), typeof(ReadOnlyMemory<>), typeof(ArraySegment<>)];

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Only where nothing is trimmed.")]
    internal static Func<object, Array>? ItemsOf(Type type)
    {
        if (!type.IsGenericType || !s_views.Contains(type.GetGenericTypeDefinition()) || type.GetMethod("ToArray") is not { } toArray)
        {
            return null;
        }

        // The default segment has no array, not even an empty one.
        var array = type.GetProperty("Array");
        return view => array is not null && array.GetValue(view) is null ? Array.Empty<object>() : (Array)toArray.Invoke(view, null)!;
    }
}
