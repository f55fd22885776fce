namespace Heddle;

/// <summary>The names of types as they are written in C#.</summary>
internal static class CSharpNames
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(char)] = "char", [typeof(decimal)] = "decimal",
        [typeof(double)] = "double", [typeof(float)] = "float", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(short)] = "short", [typeof(ushort)] = "ushort",
        [typeof(object)] = "object", [typeof(string)] = "string", [typeof(void)] = "void",
    };

    /// <summary>Such as <c>int</c>, <c>int?</c>, <c>byte[]</c>, <c>(int, string)</c>, <c>Dictionary&lt;string, List&lt;int&gt;&gt;</c>.</summary>
    internal static string Of(Type type)
    {
        if (s_keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{Of(value)}?";
        }

        if (!type.IsGenericType)
        {
            return type.Name;
        }

        var arguments = string.Join(", ", type.GetGenericArguments().Select(Of));
        return type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true ? $"({arguments})" : $"{type.Name.Split('`')[0]}<{arguments}>";
    }
}
