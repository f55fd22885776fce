using System.Collections.Immutable;
using Heddle.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Heddle.TestSupport;

/// <summary>
/// What the compiler and Heddle's analyzers say of a program, by this repository's .editorconfig. For the suites that
/// reference both and link this folder.
/// </summary>
internal static class RuleReports
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
    [
        .. typeof(HeddleAnalyzer).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    /// <summary>The warnings and errors that would stop its build.</summary>
    public static IReadOnlyList<Diagnostic> Of(CSharpCompilation compilation)
    {
        var options = compilation.Options.WithSyntaxTreeOptionsProvider(new EditorConfig());
        var diagnostics = compilation.WithOptions(options).WithAnalyzers(s_analyzers)
            .GetAllDiagnosticsAsync(CancellationToken.None).GetAwaiter().GetResult();
        return [.. diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !diagnostic.IsSuppressed)];
    }

    /// <summary>The severities that the file sets for a path.</summary>
    private sealed class EditorConfig : SyntaxTreeOptionsProvider
    {
        private static readonly string s_path = Path.Combine(Repository.Root, ".editorconfig");

        private static readonly AnalyzerConfigSet s_set =
            AnalyzerConfigSet.Create<AnalyzerConfig[]>([AnalyzerConfig.Parse(File.ReadAllText(s_path), s_path)]);

        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

        public override bool TryGetDiagnosticValue(
            SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = default;
            return s_set.GetOptionsForSourcePath(Path.GetFullPath(tree.FilePath, Repository.Root)).TreeOptions.TryGetValue(diagnosticId, out severity);
        }

        public override bool TryGetGlobalDiagnosticValue(
            string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = default;
            return false;
        }
    }
}
