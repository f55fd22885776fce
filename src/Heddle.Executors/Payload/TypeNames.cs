using System.Collections;

namespace Heddle;

/// <summary>What a type is called in errors: as in C#, near enough; and whose it is.</summary>
internal static class TypeNames
{
    /// <summary>Of the platform, or of this library: what their fields mean is not the program's to say.</summary>
    internal static bool IsOfPlatform(Type type)
        => type.Assembly == typeof(object).Assembly || type.Assembly.GetName().Name is not { } name || name is "System" or "mscorlib" or "netstandard" or "Heddle"
            || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal)
            || name is "Heddle.Executors" or "Heddle.Orleans" or "Heddle.Testing";

    internal static bool IsIterator(Type type)
        => type.IsAssignableTo(typeof(IEnumerator)) || type.IsAssignableTo(typeof(System.Runtime.CompilerServices.IAsyncStateMachine))
            || (type.IsAssignableTo(typeof(IEnumerable)) && type.Name.EndsWith("Iterator", StringComparison.Ordinal) && IsOfPlatform(type))
            || (type.IsAssignableTo(typeof(IEnumerable)) && type.Name.StartsWith('<') && type.Name.Contains(">d__", StringComparison.Ordinal));

    /// <summary>With its article.</summary>
    internal static string A(Type type) => IsIterator(type) ? "an iterator" : $"{(SoundsLikeVowel(Of(type)) ? "an" : "a")} {Of(type)}";

    internal static string Of(Type type)
    {
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        var name = type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>" : name;
    }

    /// <summary>"Uri" and "UInt32" do not.</summary>
    private static bool SoundsLikeVowel(string name)
        => "AEIO".Contains(name[0], StringComparison.Ordinal)
            || (name[0] == 'U' && !name.StartsWith("UInt", StringComparison.Ordinal) && !name.StartsWith("Uri", StringComparison.Ordinal)
                && !name.StartsWith("Uni", StringComparison.Ordinal) && !name.StartsWith("Use", StringComparison.Ordinal));
}
