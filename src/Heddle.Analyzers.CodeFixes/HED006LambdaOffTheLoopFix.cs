namespace Heddle.Analyzers;

/// <summary>Starts a coroutine with the lambda's body.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class HED006LambdaOffTheLoopFix() : HeddleCodeFix("HED006")
{
    private protected override IEnumerable<Fix> Fixes(SyntaxNode place, Diagnostic diagnostic, SemanticModel model)
    {
        if (place is LambdaExpressionSyntax lambda
            && model.GetSymbolInfo(lambda).Symbol is IMethodSymbol { ReturnsVoid: true })
        {
            var body = ParenthesizedLambdaExpression(lambda.Body)
                .WithAsyncKeyword(Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(Space));
            var start = Awaiting.Call(Awaiting.Member(Awaiting.TypeNamed("Heddle.LoopTask"), "Start"), body);
            yield return new("start", "Start a coroutine in it", lambda, Synchronous(lambda).WithBody(start).WithTriviaFrom(lambda));
        }
    }

    private static LambdaExpressionSyntax Synchronous(LambdaExpressionSyntax lambda) => lambda switch
    {
        ParenthesizedLambdaExpressionSyntax several => several.WithModifiers(WithoutAsync(several.Modifiers)),
        SimpleLambdaExpressionSyntax one => one.WithModifiers(WithoutAsync(one.Modifiers)),
        _ => lambda,
    };

    private static SyntaxTokenList WithoutAsync(SyntaxTokenList modifiers) =>
        TokenList(modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.AsyncKeyword)));
}
