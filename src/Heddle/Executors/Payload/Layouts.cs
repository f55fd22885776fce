using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>What a type is called, and, where it is sent as it stands in memory, how much that is.</summary>
internal static class Layouts
{
    internal static string Of<T>() => RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? $"{typeof(T)}" : $"{typeof(T)} of {Unsafe.SizeOf<T>()} bytes";

    internal static string Of<T>(Func<Codec<T>> codec)
    {
        try
        {
            return codec().Layout;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // It cannot be sent. Who sends it says so better.
            return Of<T>();
        }
    }
}
