namespace Heddle.Analyzers;

/// <summary>Writing awaits.</summary>
internal static class Awaiting
{
    /// <summary>The type by its full name, which is cut to what is needed there.</summary>
    internal static ExpressionSyntax TypeNamed(string name) =>
        ParseExpression($"global::{name}").WithAdditionalAnnotations(Simplifier.Annotation);

    /// <summary>What the current scope's token is reached by.</summary>
    internal static ExpressionSyntax ScopeToken() =>
        Member(Member(TypeNamed("Heddle.CancelScope"), "Current"), "Token");

    internal static MemberAccessExpressionSyntax Member(ExpressionSyntax of, string name) =>
        MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, of, IdentifierName(name));

    internal static InvocationExpressionSyntax Call(ExpressionSyntax method, params ExpressionSyntax[] arguments) =>
        InvocationExpression(method, ArgumentList(SeparatedList(arguments.Select(Argument))));

    /// <summary>The argument of a call that has one.</summary>
    internal static ExpressionSyntax? OnlyArgument(this InvocationExpressionSyntax call) =>
        call.ArgumentList.Arguments.Count == 1 ? call.ArgumentList.Arguments[0].Expression : null;

    internal static InvocationExpressionSyntax OrCanceled(ExpressionSyntax task) =>
        Call(Member(task.WithoutTrivia(), "OrCanceled"));

    /// <summary>An await in the place of another expression, in parentheses if what stands around needs them.</summary>
    internal static ExpressionSyntax AwaitInPlaceOf(ExpressionSyntax old, ExpressionSyntax awaited)
    {
        ExpressionSyntax await = AwaitExpression(
            Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(Space), awaited.WithoutTrivia());
        var isReceiver = old.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax
            or ConditionalAccessExpressionSyntax or PostfixUnaryExpressionSyntax;
        return (isReceiver ? ParenthesizedExpression(await) : await).WithTriviaFrom(old);
    }

    /// <summary>Whether it is a program's own statement, in no function or in <c>Main</c>.</summary>
    internal static bool IsInMain(SyntaxNode place) =>
        place.FirstAncestorOrSelf<SyntaxNode>(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax
            or BaseMethodDeclarationSyntax or GlobalStatementSyntax)
            is GlobalStatementSyntax or MethodDeclarationSyntax { Identifier.Text: "Main" };

    /// <summary>Whether the language lets an await stand there, and something would run it.</summary>
    internal static bool IsPossibleAt(SyntaxNode place)
    {
        var inner = place;
        for (var around = place.Parent; around is not null; (inner, around) = (around, around.Parent))
        {
            switch (around)
            {
                case AnonymousFunctionExpressionSyntax lambda:
                    return lambda.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case LocalFunctionStatementSyntax local:
                    return local.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case MethodDeclarationSyntax method when !IsInMain(place):
                    return method.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case LockStatementSyntax guarded when guarded.Statement == inner:
                case CatchFilterClauseSyntax or QueryExpressionSyntax or UnsafeStatementSyntax:
                // A program's own statements run before there is a loop.
                case GlobalStatementSyntax or BaseMethodDeclarationSyntax or AccessorDeclarationSyntax:
                    return false;
            }
        }

        return false;
    }
}
