using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Heddle.Tool.Scripting;

/// <summary>The words that C# knows at a place.</summary>
internal static class Completion
{
    private static readonly string[] s_keywords =
    [
        .. SyntaxFacts.GetReservedKeywordKinds().Select(SyntaxFacts.GetText), "async", "await", "record", "var", "when", "with", "yield",
    ];

    internal static (int Start, IReadOnlyList<string> Words) At(ScriptEngine engine, string text, int cursor)
    {
        var start = cursor;
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(text[start - 1]))
        {
            start--;
        }

        // What stands after the cursor would only confuse the parser.
        var compilation = engine.Look(text[..cursor]);
        var tree = compilation.SyntaxTrees.Last();
        var names = NamesAt(compilation.GetSemanticModel(tree), tree, start);
        return (start, Matching(names, text[start..cursor]));
    }

    private static IEnumerable<string> NamesAt(SemanticModel model, SyntaxTree tree, int start)
    {
        if (start > 0 && tree.GetRoot().FindToken(start - 1) is { RawKind: (int)SyntaxKind.DotToken } dot)
        {
            return BeforeDot(dot) is { } owner ? Visible(MembersOf(model, owner, start)) : [];
        }

        return Visible(model.LookupSymbols(start)).Concat(s_keywords);
    }

    private static ExpressionSyntax? BeforeDot(SyntaxToken dot) => dot.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression,
        QualifiedNameSyntax name => name.Left,
        MemberBindingExpressionSyntax binding => binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
        _ => null,
    };

    private static IEnumerable<ISymbol> MembersOf(SemanticModel model, ExpressionSyntax owner, int position)
    {
        var symbol = model.GetSymbolInfo(owner).Symbol;
        if (symbol is INamespaceOrTypeSymbol container)
        {
            return model.LookupSymbols(position, container)
                .Where(member => member.IsStatic || member is INamespaceOrTypeSymbol);
        }

        return model.GetTypeInfo(owner).Type is { } type
            ? model.LookupSymbols(position, type, includeReducedExtensionMethods: true)
                .Where(member => !member.IsStatic && member is not ITypeSymbol)
            : [];
    }

    private static IEnumerable<string> Visible(IEnumerable<ISymbol> symbols)
        => from symbol in symbols
           where symbol.CanBeReferencedByName && !symbol.Name.StartsWith("__", StringComparison.Ordinal) && !IsHidden(symbol)
           select symbol.Name;

    private static bool IsHidden(ISymbol symbol) => symbol.GetAttributes().Any(attribute =>
        attribute.AttributeClass?.Name == "EditorBrowsableAttribute" && attribute.ConstructorArguments is [{ Value: 1 }]);

    private static IReadOnlyList<string> Matching(IEnumerable<string> names, string prefix)
    {
        var all = names.Where(name => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Distinct().ToList();
        var exact = all.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        var words = exact.Count > 0 ? exact : all;
        words.Sort(StringComparer.OrdinalIgnoreCase);
        return words;
    }
}
