namespace Heddle;

/// <summary>What a type is called in errors: as in C#, near enough.</summary>
internal static class TypeNames
{
    internal static bool IsOfPlatform(Type type)
        => type.Assembly == typeof(object).Assembly || type.Assembly.GetName().Name!.StartsWith("System.", StringComparison.Ordinal);

    /// <summary>With its article.</summary>
    internal static string A(Type type) => $"{("AEIOU".Contains(Of(type)[0], StringComparison.Ordinal) ? "an" : "a")} {Of(type)}";

    internal static string Of(Type type)
    {
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[]";
        }

        var name = type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>" : name;
    }
}
