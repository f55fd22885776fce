namespace Heddle.Analyzers;

/// <summary>Gives the foreign call the scope's token, or makes its await abandonable.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class HED003BareForeignAwaitFix() : HeddleCodeFix("HED003")
{
    private protected override IEnumerable<Fix> Fixes(SyntaxNode place, Diagnostic diagnostic, SemanticModel model)
    {
        if (place is not ExpressionSyntax task)
        {
            yield break;
        }

        if (task is InvocationExpressionSyntax delay
            && delay.OnlyArgument() is { } duration
            && model.GetSymbolInfo(delay).Symbol is IMethodSymbol { Name: "Delay", ContainingType.Name: "Task" })
        {
            yield return new("delay", "Use Coroutine.Delay", Configured(task), HED002BlockingCallFix.Delay(duration, model));
        }

        if (task is InvocationExpressionSyntax call && Tokens.Given(call, model) is { } given)
        {
            yield return new("token", "Give it the token of the scope", call, given);
        }

        if (Configured(task) is var configured && (configured == task || IsLiteral(configured)) && !IsOfADatabase(task, model))
        {
            yield return new(
                "abandon",
                "Make it abandonable with OrCanceled()",
                configured == task ? Parenthesized(task) : configured,
                Awaiting.OrCanceled(Parenthesized(task)).WithTriviaFrom(configured));
        }
    }

    /// <summary>With the parentheses that a condition stands in.</summary>
    private static ExpressionSyntax Parenthesized(ExpressionSyntax task) =>
        task is not (InvocationExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax) && task.Parent is ParenthesizedExpressionSyntax around
            ? around
            : task;

    /// <summary>A command that is left behind keeps its connection busy: the next one on it fails. Only its token ends it.</summary>
    private static bool IsOfADatabase(ExpressionSyntax task, SemanticModel model)
    {
        if (model.GetSymbolInfo(task).Symbol is not IMethodSymbol method)
        {
            return false;
        }

        for (var type = method.ContainingType; type is not null; type = type.BaseType)
        {
            var space = type.ContainingNamespace?.ToString() ?? "";
            if (space is "System.Data.Common" || space.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The task with its <c>ConfigureAwait</c>, which has no meaning for a coroutine.</summary>
    private static ExpressionSyntax Configured(ExpressionSyntax task) =>
        task.Parent is MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait", Parent: InvocationExpressionSyntax configured }
            ? configured
            : task;

    private static bool IsLiteral(ExpressionSyntax configured) =>
        ((InvocationExpressionSyntax)configured).OnlyArgument() is LiteralExpressionSyntax;
}
