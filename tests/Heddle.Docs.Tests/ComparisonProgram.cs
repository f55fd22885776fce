using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Heddle.Docs.Tests;

/// <summary>
/// Compiles the snippets of a document's comparison tables: each as the body of a method, a coroutine if it awaits, in a class derived
/// from the one that the document's <c>rows</c> block declares. A snippet is a statement, an expression, the name of a type, or a
/// <c>catch</c> or <c>finally</c>.
/// </summary>
internal sealed class ComparisonProgram
{
    // A snippet declares what nothing uses, and awaits nothing, since it is one line out of a program.
    private static readonly HashSet<string> s_naturalForSnippets = ["CS0168", "CS0219", "CS8321", "CS1998"];

    private readonly string _document;
    private readonly MarkdownBlock _names;
    private readonly SemanticModel _model;

    public ComparisonProgram(string document, MarkdownBlock names)
    {
        _document = document;
        _names = names;
        var tree = ProgramCompiler.Parse(names.Text, document);
        _model = ProgramCompiler.Compilation(tree, "Names").GetSemanticModel(tree);
    }

    /// <summary>What the compiler and the analyzers have to say of the rows, by their lines.</summary>
    public IReadOnlyList<string> ProblemsOf(IEnumerable<ComparisonRow> rows)
    {
        var program = new StringBuilder($"#line {_names.Line + 1} \"{_document}\"\n{_names.Text}\n");
        var count = 0;
        foreach (var row in rows)
        {
            foreach (var snippet in row.Heddle)
            {
                var statement = AsStatement(snippet);
                program.Append($$"""
                    abstract class Row{{count++}} : Rows { {{(Awaits(statement) ? "async Coroutine RunAsync()" : "void Run()")}} {
                    #line {{row.Line}} "{{_document}}"
                    {{statement}}
                    #line default
                    } }

                    """);
            }
        }

        var tree = ProgramCompiler.Parse(program.ToString(), _document);
        return
        [
            .. from problem in RuleReports.Of(ProgramCompiler.Compilation(tree, "Rows"))
               where !s_naturalForSnippets.Contains(problem.Id)
               let place = problem.Location.GetMappedLineSpan()
               select $"{place.Path}:{place.StartLinePosition.Line + 1}: {problem.Id} {problem.GetMessage()}",
        ];
    }

    private string AsStatement(string snippet)
    {
        if (snippet.StartsWith("catch", StringComparison.Ordinal) || snippet.StartsWith("finally", StringComparison.Ordinal))
        {
            return $"try {{ await MainAsync(); }} {snippet}";
        }

        if (IsType(snippet))
        {
            return $"_ = typeof({snippet});";
        }

        var statement = SyntaxFactory.ParseStatement($"{snippet};");
        return statement is ExpressionStatementSyntax { Expression: var expression } && !IsStatement(expression)
            ? $"_ = {snippet};"
            : $"{snippet};";
    }

    private static bool Awaits(string statement) => statement.Contains("await ", StringComparison.Ordinal);

    private bool IsType(string snippet)
    {
        var name = SyntaxFactory.ParseTypeName(snippet);
        return !name.ContainsDiagnostics
            && name.FullSpan.Length == snippet.Length
            && _model.GetSpeculativeTypeInfo(_names.Text.LastIndexOf('}'), name, SpeculativeBindingOption.BindAsTypeOrNamespace)
                .Type is { TypeKind: not TypeKind.Error };
    }

    private static bool IsStatement(ExpressionSyntax expression) => expression
        is InvocationExpressionSyntax or AwaitExpressionSyntax or AssignmentExpressionSyntax or ObjectCreationExpressionSyntax;
}
