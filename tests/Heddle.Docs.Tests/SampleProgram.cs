using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Heddle.Docs.Tests;

/// <summary>
/// Compiles a sample as <c>dotnet new console</c> would, and runs it in this process. The output is that of the
/// whole process while it runs, so one sample runs at a time.
/// </summary>
internal static class SampleProgram
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

    // Long enough for a loaded machine to compile and start in; a sample itself waits for milliseconds.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Throws when the sample does not compile without a warning, fails, or prints something else.</summary>
    public static void Verify(Sample sample)
    {
        var tree = Parse(sample.Code, sample.Place);
        // A block of declarations alone shows a shape: it is compiled, and there is nothing to run.
        var runs = ((CompilationUnitSyntax)tree.GetRoot()).Members.OfType<GlobalStatementSyntax>().Any();
        var assembly = Compile(tree, runs ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary);
        var printed = runs ? Run(assembly) : "";
        if (sample.Output is { } expected)
        {
            Assert.Equal(Trim(expected), Trim(printed));
        }
    }

    private static SyntaxTree Parse(string code, string path) => CSharpSyntaxTree.ParseText(
        code, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest), path);

    private static byte[] Compile(SyntaxTree tree, OutputKind kind)
    {
        var compilation = CSharpCompilation.Create(
            $"Sample{Guid.NewGuid():N}",
            [tree, Parse(GlobalUsings, "GlobalUsings.g.cs")],
            s_references,
            new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        var problems = compilation.Emit(assembly).Diagnostics
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .ToList();
        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
        return assembly.ToArray();
    }

    private static string Run(byte[] assembly)
    {
        var context = new AssemblyLoadContext("sample", isCollectible: true);
        var main = context.LoadFromStream(new MemoryStream(assembly)).EntryPoint!;
        var (output, errors) = (new StringWriter(), new StringWriter());
        var (console, consoleError) = (Console.Out, Console.Error);
        Console.SetOut(TextWriter.Synchronized(output));
        Console.SetError(TextWriter.Synchronized(errors));
        try
        {
            Invoke(main);
        }
        finally
        {
            Console.SetOut(console);
            Console.SetError(consoleError);
            context.Unload();
        }

        // A loop says there what would otherwise be silent: a failure that nobody saw, a task left over.
        Assert.Equal("", errors.ToString());
        return output.ToString();
    }

    // On a thread of its own, as a program's main is: the test runner's has a context and a task of its own.
    private static void Invoke(MethodInfo main)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
            }
            catch (TargetInvocationException thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown.InnerException!);
            }
        })
        { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(s_patience), $"The sample still runs after {s_patience.TotalSeconds} s.");
        failure?.Throw();
    }

    private static string Trim(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n');
}
