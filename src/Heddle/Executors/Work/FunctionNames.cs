using System.Reflection;

namespace Heddle;

/// <summary>What a function is called in errors.</summary>
internal static class FunctionNames
{
    internal static string Of(Delegate function)
    {
        try
        {
            return Of(function.Method);
        }
        catch (NotSupportedException)
        {
            // A native program may not know its methods' names.
            return "a function";
        }
    }

    private static string Of(MethodInfo method)
    {
        // The compiler calls a lambda <Outer>b__0_1 and a local function <Outer>g__Local|0_1.
        var name = method.Name;
        if (name.StartsWith('<') && name.IndexOf('>') is var end and > 0)
        {
            var outer = name[1..end].Trim('<', '>', '$');
            var local = name.IndexOf("g__", end, StringComparison.Ordinal);
            return local < 0 ? $"a lambda in {outer}" : $"{outer}.{name[(local + 3)..].Split('|')[0]}";
        }

        return method.DeclaringType is { } type ? $"{type.Name.Split('`')[0]}.{name}" : name;
    }
}
