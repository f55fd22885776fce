using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Heddle.Tool.Scripting;

/// <summary>
/// Has an input leave its ambient context to the next one, so that an <see cref="AsyncLocal{T}"/> set in one is set in the next.
/// </summary>
/// <remarks>
/// An input is compiled to an <c>async Task</c>, and what such a method writes to an AsyncLocal does not reach its caller. Only code
/// inside it can see it, so a call that keeps the context is added after each of its statements, on the same line:
/// whatever an input that fails has done before stays done, and line numbers stay true.
/// </remarks>
internal static class ContextKeeping
{
    private const string Keep = nameof(ReplGlobals.__Keep);

    /// <param name="compilation">Of the input as it was typed, which has no errors.</param>
    /// <param name="tree">The input's own, since it may have loaded others.</param>
    internal static string AddTo(Compilation compilation, SyntaxTree tree)
    {
        var code = new StringBuilder(tree.ToString());
        var root = (CompilationUnitSyntax)tree.GetRoot();
        foreach (var member in root.Members.Reverse())
        {
            if (ValueOf(root, member) is not { } value)
            {
                if (member is GlobalStatementSyntax or FieldDeclarationSyntax)
                {
                    code.Insert(member.Span.End, $" {Keep}();");
                }
            }
            else if (IsVoid(compilation, value))
            {
                code.Insert(value.Span.End, $"; {Keep}();");
            }
            else
            {
                code.Insert(value.Span.End, "))").Insert(value.SpanStart, $"{Keep}((object)(");
            }
        }

        return code.ToString();
    }

    /// <summary>Whether the input ends with an expression that has a value, which is to be shown.</summary>
    internal static bool HasValue(Compilation compilation, SyntaxTree tree)
        => tree.GetRoot() is CompilationUnitSyntax { Members: [.., var last] } root
            && ValueOf(root, last) is { } value
            && !IsVoid(compilation, value);

    /// <summary>The last expression, if no semicolon ends it.</summary>
    private static ExpressionSyntax? ValueOf(CompilationUnitSyntax root, MemberDeclarationSyntax member)
        => ReferenceEquals(member, root.Members[^1])
            && member is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement }
            ? statement.Expression
            : null;

    private static bool IsVoid(Compilation compilation, ExpressionSyntax expression)
        => compilation.GetSemanticModel(expression.SyntaxTree).GetTypeInfo(expression).Type?.SpecialType == SpecialType.System_Void;
}
