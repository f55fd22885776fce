namespace Heddle.Analyzers;

/// <summary>Giving a call the token of the current scope.</summary>
internal static class Tokens
{
    internal static InvocationExpressionSyntax Added(InvocationExpressionSyntax call, string? name = null)
    {
        var argument = Argument(Awaiting.ScopeToken());
        return call.WithArgumentList(call.ArgumentList.AddArguments(
            name is null ? argument : argument.WithNameColon(NameColon(name))));
    }

    /// <summary>The call with the token; null if no overload of the method takes one.</summary>
    internal static InvocationExpressionSyntax? Given(InvocationExpressionSyntax call, SemanticModel model)
    {
        if (model.GetSymbolInfo(call).Symbol is not IMethodSymbol method)
        {
            return null;
        }

        // One that was given is none, or there would be nothing to mend.
        var none = call.ArgumentList.Arguments.FirstOrDefault(
            argument => model.GetTypeInfo(argument.Expression).ConvertedType is { Name: "CancellationToken" });
        if (none is not null)
        {
            return call.ReplaceNode(none, none.WithExpression(Awaiting.ScopeToken()));
        }

        var parameter = method.Parameters.FirstOrDefault(parameter => parameter.Type.Name is "CancellationToken");
        if (parameter is not null)
        {
            var isNext = parameter.Ordinal == call.ArgumentList.Arguments.Count
                && call.ArgumentList.Arguments.All(argument => argument.NameColon is null);
            return Added(call, isNext ? null : parameter.Name);
        }

        // An omitted argument would make the added one stand in its place.
        return call.ArgumentList.Arguments.Count == method.Parameters.Length
            && AsyncMethod.Members(method.ContainingType, method.Name).Any(
                other => other.IsStatic == method.IsStatic && AsyncMethod.Takes(other, method, withToken: true))
                ? Added(call)
                : null;
    }
}
