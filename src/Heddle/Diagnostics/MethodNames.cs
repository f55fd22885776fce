using System.Diagnostics;

namespace Heddle;

/// <summary>The names that people gave to methods, from those of the state machines that the compiler made of them.</summary>
internal static class MethodNames
{
    /// <summary>The statements of a script, which Roslyn calls its initialization.</summary>
    internal const string Input = "the input";

    /// <summary><c>Crawler.FetchAsync</c> of <c>Crawler+&lt;FetchAsync&gt;d__3</c>; null for what no person wrote, or wants to be seen (<see cref="StackTraceHiddenAttribute"/>).</summary>
    internal static string? Of(Type stateMachine)
    {
        if (MethodOf(stateMachine.Name) is not { } method)
        {
            return null;
        }

        var type = stateMachine.DeclaringType;
        while (type is not null && type.Name.StartsWith('<'))
        {
            type = type.DeclaringType;
        }

        if (type?.IsDefined(typeof(StackTraceHiddenAttribute), inherit: false) == true)
        {
            return null;
        }

        if (type is null || IsOfScript(type))
        {
            return method;
        }

        // How Heddle does what it was asked for is its own business.
        return type.IsPublic || type.Assembly != typeof(MethodNames).Assembly ? $"{NameOf(type)}.{method}" : null;
    }

    /// <summary>What stands between the outer angle brackets: a method, or one that holds a lambda or a local function.</summary>
    private static string? MethodOf(string name)
    {
        var end = name.LastIndexOf('>');
        if (end < 1 || name[0] != '<')
        {
            return null;
        }

        var inner = name[1..end];
        if (inner.Length == 0 || inner[0] != '<')
        {
            return inner;
        }

        // <<Outer>b__0>d is a lambda, <<Outer>g__Local|0>d a local function, <<Main>$>d the program's own statements.
        var close = inner.LastIndexOf('>');
        var outer = inner[..close].Trim('<', '>');
        if (outer == "Initialize")
        {
            outer = Input;
        }

        var rest = inner[(close + 1)..];
        return rest.StartsWith("g__", StringComparison.Ordinal) ? rest[3..].Split('|')[0]
            : rest.StartsWith("b__", StringComparison.Ordinal) ? $"a lambda in {outer}"
            : outer;
    }

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    /// <summary>The class that the compiler makes of statements without one says nothing.</summary>
    private static bool IsOfScript(Type type)
        => type is { Name: "Program", Namespace: null } || type.Name.StartsWith("Submission#", StringComparison.Ordinal);
}
