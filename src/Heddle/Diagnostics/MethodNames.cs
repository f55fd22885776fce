using System.Diagnostics;

namespace Heddle;

/// <summary>Of an asynchronous method, worked out once.</summary>
/// <typeparam name="TStateMachine">What the compiler made of the method.</typeparam>
internal static class MethodName<TStateMachine>
{
    internal static readonly string? Value = MethodNames.Of(typeof(TStateMachine));
}

/// <summary>The names that people gave to methods, from those of the state machines that the compiler made of them.</summary>
internal static class MethodNames
{
    /// <summary>The statements of a script, which Roslyn calls its initialization.</summary>
    internal const string Input = "the input";

    private const string LambdaIn = "a lambda in ";

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

        // How Heddle does what it was asked for is its own business: what it hides, and lambdas in what it shows.
        return type.Assembly != typeof(MethodNames).Assembly || (type.IsPublic && !method.StartsWith(LambdaIn, StringComparison.Ordinal)) ? Join(type.Name, method) : null;
    }

    /// <summary>The same of a method on the stack, which may be a step of a state machine.</summary>
    internal static string Of(DiagnosticMethodInfo method)
    {
        var types = (method.DeclaringTypeName ?? "").Split('.')[^1].Split('+');
        var type = types.LastOrDefault(name => !name.StartsWith('<')) ?? "";
        var name = method.Name == "MoveNext" && MethodOf(types[^1]) is { } stepped ? stepped : MethodOf($"<{method.Name}>") ?? method.Name;
        return type is "" or "Program" || IsSubmission(type) ? name : Join(type, name);
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
        outer = outer switch
        {
            "Initialize" => Input,
            "Main>$" => "Main",
            _ => outer,
        };

        var rest = inner[(close + 1)..];
        return rest.StartsWith("g__", StringComparison.Ordinal) ? rest[3..].Split('|')[0]
            : rest.StartsWith("b__", StringComparison.Ordinal) ? LambdaIn + outer
            : outer;
    }

    private static string Join(string type, string method)
    {
        type = type.Split('`')[0];
        return method.StartsWith(LambdaIn, StringComparison.Ordinal) ? $"{LambdaIn}{type}.{method[LambdaIn.Length..]}" : $"{type}.{method}";
    }

    /// <summary>The class that the compiler makes of statements without one says nothing.</summary>
    private static bool IsOfScript(Type type)
        => type is { Name: "Program", Namespace: null } || IsSubmission(type.Name);

    private static bool IsSubmission(string type) => type.StartsWith("Submission#", StringComparison.Ordinal);
}
