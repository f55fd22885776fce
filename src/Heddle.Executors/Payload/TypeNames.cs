namespace Heddle;

/// <summary>What a type is called in errors: as in C#, near enough.</summary>
internal static class TypeNames
{
    internal static bool IsOfPlatform(Type type)
        => type.Assembly == typeof(object).Assembly || type.Assembly.GetName().Name!.StartsWith("System.", StringComparison.Ordinal);

    /// <summary>With its article.</summary>
    internal static string A(Type type) => IsIterator(type) ? "an iterator" : $"{(SoundsLikeVowel(Of(type)) ? "an" : "a")} {Of(type)}";

    /// <summary>What the compiler makes has names that no program can write.</summary>
    internal static bool IsOfPlatformOrCompiler(Type type) => type.Name.StartsWith('<') || IsOfPlatform(type);

    internal static string Of(Type type)
    {
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[]";
        }

        var name = type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>" : name;
    }

    private static bool IsIterator(Type type) => type.Name.StartsWith('<') && type.IsAssignableTo(typeof(System.Collections.IEnumerable));

    /// <summary>"Uri" and "UInt32" do not.</summary>
    private static bool SoundsLikeVowel(string name)
        => "AEIO".Contains(name[0], StringComparison.Ordinal)
            || (name[0] == 'U' && !name.StartsWith("UInt", StringComparison.Ordinal) && !name.StartsWith("Uri", StringComparison.Ordinal)
                && !name.StartsWith("Uni", StringComparison.Ordinal) && !name.StartsWith("Use", StringComparison.Ordinal));
}
