namespace Heddle.Analyzers;

/// <summary>The call of a method's <c>…Async</c> twin, with the scope's token if it takes one, else abandonable.</summary>
internal static class AsyncMethod
{
    internal static ExpressionSyntax? TwinOf(InvocationExpressionSyntax call, SemanticModel model)
    {
        if (model.GetSymbolInfo(call).Symbol is not IMethodSymbol method || Renamed(call) is not { } renamed)
        {
            return null;
        }

        var twins = Members(method.ContainingType, $"{method.Name}Async").Where(twin => twin.IsStatic == method.IsStatic).ToList();
        return twins.Any(twin => Takes(twin, method, withToken: true)) ? Tokens.Added(renamed)
            : twins.Any(twin => Takes(twin, method, withToken: false)) ? Awaiting.OrCanceled(renamed)
            : null;
    }

    /// <summary>Whether it takes what the other takes, and a token last or not.</summary>
    internal static bool Takes(IMethodSymbol method, IMethodSymbol other, bool withToken) =>
        method.Parameters.Length == other.Parameters.Length + (withToken ? 1 : 0)
        && (!withToken || method.Parameters[method.Parameters.Length - 1].Type.Name is "CancellationToken")
        && other.Parameters.Zip(method.Parameters, (a, b) => SymbolEqualityComparer.Default.Equals(a.Type, b.Type)).All(same => same);

    /// <summary>The methods of this name, those of base types included.</summary>
    internal static IEnumerable<IMethodSymbol> Members(INamedTypeSymbol type, string name)
    {
        for (var declaring = type; declaring is not null; declaring = declaring.BaseType)
        {
            foreach (var method in declaring.GetMembers(name).OfType<IMethodSymbol>())
            {
                yield return method;
            }
        }
    }

    private static InvocationExpressionSyntax? Renamed(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => call.WithExpression(member.WithName(Async(member.Name))),
        SimpleNameSyntax name => call.WithExpression(Async(name)),
        _ => null,
    };

    private static SimpleNameSyntax Async(SimpleNameSyntax name) =>
        name.WithIdentifier(Identifier($"{name.Identifier.Text}Async").WithTriviaFrom(name.Identifier));
}
