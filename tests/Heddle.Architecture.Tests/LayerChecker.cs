using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Heddle.Architecture.Tests;

/// <summary>A source file: its path below the project's folder, with forward slashes, and its text.</summary>
internal sealed record Source(string Path, string Text);

/// <summary>
/// Finds the names that reach into a layer which theirs may not use. The first folder of a file's path is its
/// layer. A member belongs to the file that declares it; a type that is declared in several layers (a
/// <c>partial</c>) belongs to each, so that a lower layer may use the part which is its own.
/// </summary>
internal sealed class LayerChecker(Layers layers)
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    public IReadOnlyList<string> Check(IReadOnlyList<Source> sources)
    {
        var compilation = Compile(sources);
        return
        [
            .. sources.Where(source => !layers.Has(LayerOf(source.Path))).Select(NoLayer),
            .. compilation.GetDiagnostics().Where(IsUnboundName).Select(Unbound),
            .. compilation.SyntaxTrees.SelectMany(tree => ForbiddenNames(compilation.GetSemanticModel(tree))).Distinct(),
        ];
    }

    private IEnumerable<string> ForbiddenNames(SemanticModel model)
    {
        var user = LayerOf(model.SyntaxTree.FilePath);
        foreach (var name in model.SyntaxTree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (model.GetSymbolInfo(name).Symbol is { } symbol
                && LayersThatDeclare(symbol) is { Length: > 0 } declaring
                && !declaring.Any(used => layers.Allows(user, used)))
            {
                var line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                yield return $"{model.SyntaxTree.FilePath}:{line} uses {symbol.Name} of {string.Join('/', declaring)}, "
                    + $"which {user} may not use.";
            }
        }
    }

    private static string[] LayersThatDeclare(ISymbol symbol)
    {
        var declared = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol;
        return declared is INamedTypeSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol
            ? [.. declared.OriginalDefinition.DeclaringSyntaxReferences
                .Select(reference => LayerOf(reference.SyntaxTree.FilePath)).Distinct()]
            : [];
    }

    private static string LayerOf(string path) => path.Contains('/') ? path[..path.IndexOf('/')] : "";

    private static string NoLayer(Source source) =>
        $"{source.Path} stands in no layer: add its folder to {nameof(Layers)} or move the file.";

    // A name that does not bind would hide an arrow. CS0246, CS0234: types and namespaces; CS0103: others.
    private static bool IsUnboundName(Diagnostic diagnostic) => diagnostic.Id is "CS0246" or "CS0234" or "CS0103";

    private static string Unbound(Diagnostic diagnostic) =>
        $"{diagnostic.Location.GetLineSpan().Path}: {diagnostic.GetMessage()}";

    private static CSharpCompilation Compile(IReadOnlyList<Source> sources)
    {
        var parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create(
            "Heddle",
            sources.Append(new Source("Diagnostics/GlobalUsings.g.cs", GlobalUsings))
                .Select(source => CSharpSyntaxTree.ParseText(source.Text, parse, source.Path)),
            platform,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }
}
