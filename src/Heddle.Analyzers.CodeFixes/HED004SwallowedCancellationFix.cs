namespace Heddle.Analyzers;

/// <summary>Lets cancellation pass: by a filter, or by a rethrow where it is what is caught.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class HED004SwallowedCancellationFix() : HeddleCodeFix("HED004")
{
    private protected override IEnumerable<Fix> Fixes(SyntaxNode place, Diagnostic diagnostic, SemanticModel model)
    {
        var clause = place.FirstAncestorOrSelf<CatchClauseSyntax>()!;
        var isOfCancellation = clause.Declaration is { } declaration
            && model.GetTypeInfo(declaration.Type).Type is { Name: "OperationCanceledException" or "ScopeCanceledException" };
        if (!isOfCancellation)
        {
            yield return new("filter", "Let cancellation pass", clause, WithFilter(clause, model), isFormatted: true);
        }
        else if (!EndsInJump(clause.Block, model))
        {
            yield return new("rethrow", "Rethrow the cancellation", clause.Block, clause.Block.AddStatements(ThrowStatement()));
        }
    }

    private static CatchClauseSyntax WithFilter(CatchClauseSyntax clause, SemanticModel model)
    {
        var name = clause.Declaration is { Identifier.Text: { Length: > 0 } given } ? given : UnusedName(clause, model);
        var type = clause.Declaration?.Type ?? ParseTypeName("global::System.Exception").WithAdditionalAnnotations(Simplifier.Annotation);
        var declaration = CatchDeclaration(type.WithTrailingTrivia(Space), Identifier(name));
        var pattern = UnaryPattern(ConstantPattern(Awaiting.TypeNamed("System.OperationCanceledException")));
        var filter = CatchFilterClause(IsPatternExpression(IdentifierName(name), pattern)).NormalizeWhitespace();

        // What stood before the block, a line break or a space, stands there again.
        var last = clause.Declaration?.GetLastToken() ?? clause.CatchKeyword;
        return clause
            .WithCatchKeyword(clause.CatchKeyword.WithTrailingTrivia(Space))
            .WithDeclaration(declaration.WithTrailingTrivia(Space))
            .WithFilter(filter.WithTrailingTrivia(last.TrailingTrivia));
    }

    private static string UnusedName(CatchClauseSyntax clause, SemanticModel model)
    {
        var inside = clause.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.Text);
        var taken = new HashSet<string>(model.LookupSymbols(clause.SpanStart).Select(symbol => symbol.Name).Concat(inside));
        return new[] { "e", "failure", "exception" }.FirstOrDefault(name => !taken.Contains(name)) ?? "caught";
    }

    private static bool EndsInJump(BlockSyntax block, SemanticModel model) =>
        model.AnalyzeControlFlow(block) is { Succeeded: true, EndPointIsReachable: false };
}
