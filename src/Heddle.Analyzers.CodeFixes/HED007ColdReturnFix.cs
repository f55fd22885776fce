namespace Heddle.Analyzers;

/// <summary>Makes the function async, and awaits what it returned.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class HED007ColdReturnFix() : HeddleCodeFix("HED007")
{
    private protected override IEnumerable<Fix> Fixes(SyntaxNode place, Diagnostic diagnostic, SemanticModel model)
    {
        var function = place.AncestorsAndSelf().FirstOrDefault(node =>
            node is MethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax);
        if (Body(function) is { } body
            && (model.GetDeclaredSymbol(function!) ?? model.GetSymbolInfo(function!).Symbol) is IMethodSymbol { ReturnType: INamedTypeSymbol coroutine } method
            && method.Parameters.All(parameter => parameter.RefKind == RefKind.None && !parameter.Type.IsRefLikeType)
            && !body.DescendantNodes(node => !ReturnsAwaited.IsFunction(node)).Any(node => node is LockStatementSyntax))
        {
            var awaited = new ReturnsAwaited(body, coroutine.IsGenericType).VisitBlock(body);
            var async = Async(function!);
            yield return new(
                "await", "Make it async, and await the coroutine", function!, async.ReplaceNode(Body(async)!, awaited), isFormatted: true);
        }
    }

    private static BlockSyntax? Body(SyntaxNode? function) => function switch
    {
        MethodDeclarationSyntax method => method.Body,
        LocalFunctionStatementSyntax local => local.Body,
        AnonymousFunctionExpressionSyntax lambda => lambda.Block,
        _ => null,
    };

    private static SyntaxNode Async(SyntaxNode function)
    {
        var async = Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(Space);
        return function switch
        {
            MethodDeclarationSyntax { Modifiers.Count: > 0 } method => method.WithModifiers(method.Modifiers.Add(async)),
            MethodDeclarationSyntax method => method.WithoutLeadingTrivia()
                .WithModifiers(TokenList(async.WithLeadingTrivia(method.GetLeadingTrivia()))),
            LocalFunctionStatementSyntax { Modifiers.Count: > 0 } local => local.WithModifiers(local.Modifiers.Add(async)),
            LocalFunctionStatementSyntax local => local.WithoutLeadingTrivia()
                .WithModifiers(TokenList(async.WithLeadingTrivia(local.GetLeadingTrivia()))),
            ParenthesizedLambdaExpressionSyntax lambda => lambda.WithModifiers(lambda.Modifiers.Add(async)),
            SimpleLambdaExpressionSyntax lambda => lambda.WithModifiers(lambda.Modifiers.Add(async)),
            AnonymousMethodExpressionSyntax lambda => lambda.WithModifiers(lambda.Modifiers.Add(async)),
            _ => function,
        };
    }

    /// <summary>Turns each <c>return</c> of a coroutine into an await of it.</summary>
    private sealed class ReturnsAwaited(BlockSyntax body, bool hasResult) : CSharpSyntaxRewriter
    {
        internal static bool IsFunction(SyntaxNode node) => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax;

        public override SyntaxNode? Visit(SyntaxNode? node) => node is not null && IsFunction(node) ? node : base.Visit(node);

        public override SyntaxNode VisitReturnStatement(ReturnStatementSyntax node)
        {
            var several = Awaited(node);
            return several.Count == 1 ? several[0] : Block(several);
        }

        public override SyntaxNode VisitBlock(BlockSyntax node) => node.WithStatements(Mended(node.Statements));

        public override SyntaxNode VisitSwitchSection(SwitchSectionSyntax node) => node.WithStatements(Mended(node.Statements));

        private SyntaxList<StatementSyntax> Mended(SyntaxList<StatementSyntax> statements) => List(statements.SelectMany(statement =>
            statement is ReturnStatementSyntax returned ? Awaited(returned) : [(StatementSyntax)Visit(statement)!]));

        private List<StatementSyntax> Awaited(ReturnStatementSyntax node)
        {
            if (node.Expression is not { } value)
            {
                return [node];
            }

            if (hasResult)
            {
                return [value is LiteralExpressionSyntax ? node : node.WithExpression(Await(value))];
            }

            var end = ReturnStatement().WithTriviaFrom(node);
            if (value is LiteralExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.Text: "Completed" })
            {
                return [end];
            }

            var awaiting = ExpressionStatement(Await(value)).WithTriviaFrom(node);
            return IsLast(node) ? [awaiting] : [awaiting, end.WithLeadingTrivia(node.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)))];
        }

        private bool IsLast(SyntaxNode statement) => statement == body || statement.Parent switch
        {
            BlockSyntax block => block.Statements.Last() == statement && (block == body || IsLast(block)),
            UsingStatementSyntax around => IsLast(around),
            TryStatementSyntax around => IsLast(around),
            _ => false,
        };

        private static ExpressionSyntax Await(ExpressionSyntax value)
        {
            var isPrimary = value is InvocationExpressionSyntax or MemberAccessExpressionSyntax or IdentifierNameSyntax or ParenthesizedExpressionSyntax;
            var awaited = isPrimary ? value.WithoutTrivia() : ParenthesizedExpression(value.WithoutTrivia());
            return AwaitExpression(Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(Space), awaited).WithTriviaFrom(value);
        }
    }
}
