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
            || coroutine is DeclarationExpressionSyntax
            || coroutine.Parent is ConditionalAccessExpressionSyntax)
        {
            yield break;
        }

        if (type.Name is not "Coroutine" && type.TypeArguments.Any(argument => argument.Name is "Coroutine"))
        {
            if (coroutine.FirstAncestorOrSelf<ExpressionStatementSyntax>() is { Expression: InvocationExpressionSyntax query }
                && Awaiting.IsPossibleAt(query))
            {
                var all = Awaiting.Call(Awaiting.Member(Awaiting.TypeNamed("Heddle.Coroutine"), "WhenAll"), query.WithoutTrivia());
                yield return new("await", "Await them all", query, Awaiting.AwaitInPlaceOf(query, all));
            }

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
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } declarator }
                => Mentions(declarator, model).Any(IsOfACoroutine) ? null
                : declaration.Type.IsVar
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
            && !Mentions(declarator, model).Any())
        {
            return (statement, ExpressionStatement(Awaiting.AwaitInPlaceOf(coroutine, coroutine)).WithTriviaFrom(statement));
        }

        return null;
    }

    private static IEnumerable<IdentifierNameSyntax> Mentions(VariableDeclaratorSyntax declarator, SemanticModel model) =>
        declarator.FirstAncestorOrSelf<StatementSyntax>()?.Parent?.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name =>
            name.Identifier.Text == declarator.Identifier.Text
            && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, model.GetDeclaredSymbol(declarator))) ?? [];

    /// <summary>Whether it needs a coroutine, so that the local cannot become its result.</summary>
    private static bool IsOfACoroutine(IdentifierNameSyntax name) => name.Parent is AwaitExpressionSyntax
        || (name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name);

    private static (SyntaxNode Old, SyntaxNode New)? WithType(
        VariableDeclarationSyntax declaration, ExpressionSyntax coroutine, ITypeSymbol result, SemanticModel model) =>
        declaration.Variables.Count != 1
            ? null
            : (declaration, declaration
                .ReplaceNode(coroutine, Awaiting.AwaitInPlaceOf(coroutine, coroutine))
                .WithType(ParseTypeName(result.ToMinimalDisplayString(model, declaration.SpanStart)).WithTriviaFrom(declaration.Type)));
}
