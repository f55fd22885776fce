using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace Heddle.TestSupport;

/// <summary>
/// Compiles a program of one file in this process, as <c>dotnet run FILE.cs</c> would, a hundred times as fast. A
/// warning is an error. For the suites that reference Roslyn and link this folder.
/// </summary>
internal static class ProgramCompiler
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

    // Lets the parser take the directives of file-based programs, #:project and its like.
    private static readonly CSharpParseOptions s_options = CSharpParseOptions.Default
        .WithLanguageVersion(LanguageVersion.Latest)
        .WithFeatures([new("FileBasedProgram", "true")]);

    // As the SDK does: a package built for an older .NET means the newer one's assemblies.
    private static readonly KeyValuePair<string, ReportDiagnostic>[] s_suppressed =
        [new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)];

    private static readonly SyntaxTree s_globalUsings =
        CSharpSyntaxTree.ParseText(GlobalUsings, s_options, "GlobalUsings.g.cs", Encoding.UTF8);

    /// <summary>The assemblies that a program can be compiled against: those that this process may load.</summary>
    public static IReadOnlyCollection<string> Assemblies => PlatformReferences.ByPath.Keys;

    public static SyntaxTree Parse(string code, string path) => CSharpSyntaxTree.ParseText(code, s_options, path, Encoding.UTF8);

    /// <summary>Whether there is something to run, and not declarations alone.</summary>
    public static bool HasStatements(SyntaxTree tree) =>
        ((CompilationUnitSyntax)tree.GetRoot()).Members.OfType<GlobalStatementSyntax>().Any();

    /// <param name="tree">The program.</param>
    /// <param name="name">The name of its assembly.</param>
    /// <param name="assemblies">What to compile against; by default all of <see cref="Assemblies"/>.</param>
    public static CSharpCompilation Compilation(SyntaxTree tree, string name, IEnumerable<string>? assemblies = null) =>
        CSharpCompilation.Create(
            name,
            [tree, s_globalUsings],
            (assemblies ?? Assemblies).Select(path => PlatformReferences.ByPath[path]),
            new CSharpCompilationOptions(
                HasStatements(tree) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable,
                specificDiagnosticOptions: s_suppressed));

    /// <summary>Throws with their words when the compiler or the analyzers have something to say, but for the rules that are named.</summary>
    /// <param name="assemblies">What to compile against; by default all of <see cref="Assemblies"/>.</param>
    /// <param name="reports">The rules that are reported, once each.</param>
    public static byte[] Compile(
        SyntaxTree tree, string name, IEnumerable<string>? assemblies = null, IReadOnlyList<string>? reports = null)
    {
        var compilation = Compilation(tree, name, assemblies);
        using var assembly = new MemoryStream();
        var problems = RuleReports.Of(compilation);
        Assert.True(
            problems.Select(problem => problem.Id).Order().SequenceEqual((reports ?? []).Order()),
            string.Join(Environment.NewLine, problems.Select(problem => $"{problem}").Prepend($"expected: {string.Join(' ', reports ?? [])}")));
        Assert.True(compilation.Emit(assembly, options: new(debugInformationFormat: DebugInformationFormat.Embedded)).Success);
        return assembly.ToArray();
    }
}
