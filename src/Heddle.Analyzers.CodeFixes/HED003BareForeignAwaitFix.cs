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

        if (Configured(task) is var configured && (configured == task || IsLiteral(configured)))
        {
            yield return new(
                "abandon", "Make it abandonable with OrCanceled()", configured, Awaiting.OrCanceled(task).WithTriviaFrom(configured));
        }
    }

    /// <summary>The task with its <c>ConfigureAwait</c>, which has no meaning for a coroutine.</summary>
    private static ExpressionSyntax Configured(ExpressionSyntax task) =>
        task.Parent is MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait", Parent: InvocationExpressionSyntax configured }
            ? configured
            : task;

    private static bool IsLiteral(ExpressionSyntax configured) =>
        ((InvocationExpressionSyntax)configured).OnlyArgument() is LiteralExpressionSyntax;
}
