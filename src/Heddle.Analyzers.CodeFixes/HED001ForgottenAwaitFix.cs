namespace Heddle.Analyzers;

/// <summary>Awaits the coroutine, or starts it as a task of the loop, or runs it on a loop.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class HED001ForgottenAwaitFix() : HeddleCodeFix("HED001")
{
    private protected override IEnumerable<Fix> Fixes(SyntaxNode place, Diagnostic diagnostic, SemanticModel model)
    {
        if (place is not ExpressionSyntax coroutine
            || model.GetTypeInfo(coroutine).Type is not INamedTypeSymbol type
            || coroutine.Parent is ConditionalAccessExpressionSyntax)
        {
            yield break;
        }

        var dropped = coroutine.Parent is AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax } discard
            && model.GetSymbolInfo(discard.Left).Symbol is IDiscardSymbol
                ? discard
                : coroutine;
        if (Awaiting.IsPossibleAt(coroutine) && Awaited(coroutine, dropped, type, model) is { } awaited)
        {
            yield return new("await", "Await the coroutine", awaited.Old, awaited.New);
        }

        if (IsStatement(dropped) && type.Name is "Coroutine")
        {
            // A program's own statements have no loop yet, so one is run.
            var (title, owner, method) = Awaiting.IsInMain(coroutine)
                ? ("Run it on a loop", "Heddle.EventLoop", "Run")
                : ("Start it as a task of the loop", "Heddle.LoopTask", "Start");
            yield return new(
                "start",
                title,
                dropped,
                Awaiting.Call(Awaiting.Member(Awaiting.TypeNamed(owner), method), coroutine.WithoutTrivia()).WithTriviaFrom(dropped));
        }
    }

    private static bool IsStatement(ExpressionSyntax expression) =>
        expression.Parent is ExpressionStatementSyntax or LambdaExpressionSyntax or ArrowExpressionClauseSyntax;

    private static (SyntaxNode Old, SyntaxNode New)? Awaited(
        ExpressionSyntax coroutine, ExpressionSyntax dropped, INamedTypeSymbol type, SemanticModel model)
    {
        if (IsStatement(dropped))
        {
            return (dropped, Awaiting.AwaitInPlaceOf(dropped, coroutine));
        }

        return coroutine.Parent switch
        {
            // What remains needs the value.
            _ when !type.IsGenericType => WithoutLocal(coroutine, model),
            AssignmentExpressionSyntax => null,
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } }
                => declaration.Type.IsVar
                    ? (coroutine, Awaiting.AwaitInPlaceOf(coroutine, coroutine))
                    : WithType(declaration, coroutine, type.TypeArguments[0], model),
            _ => (coroutine, Awaiting.AwaitInPlaceOf(coroutine, coroutine)),
        };
    }

    /// <summary>There is no value to store: the await alone remains, if nothing else speaks of the local.</summary>
    private static (SyntaxNode Old, SyntaxNode New)? WithoutLocal(ExpressionSyntax coroutine, SemanticModel model)
    {
        if (coroutine.Parent?.Parent is VariableDeclaratorSyntax
            {
                Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax statement },
            } declarator
            && statement.Parent is BlockSyntax block
            && model.AnalyzeDataFlow(block.Statements.First(), block.Statements.Last()) is { Succeeded: true } flow
            && !flow.ReadInside.Contains(model.GetDeclaredSymbol(declarator)!, SymbolEqualityComparer.Default))
        {
            return (statement, ExpressionStatement(Awaiting.AwaitInPlaceOf(coroutine, coroutine)).WithTriviaFrom(statement));
        }

        return null;
    }

    private static (SyntaxNode Old, SyntaxNode New)? WithType(
        VariableDeclarationSyntax declaration, ExpressionSyntax coroutine, ITypeSymbol result, SemanticModel model) =>
        declaration.Variables.Count != 1
            ? null
            : (declaration, declaration
                .ReplaceNode(coroutine, Awaiting.AwaitInPlaceOf(coroutine, coroutine))
                .WithType(ParseTypeName(result.ToMinimalDisplayString(model, declaration.SpanStart)).WithTriviaFrom(declaration.Type)));
}
