using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Heddle.Tool.Scripting;

/// <summary>Compiles inputs, each of which sees what those before it declared, and runs them.</summary>
internal sealed class ScriptEngine
{
    private static readonly string[] s_namespaces =
    [
        "System", "System.Collections.Generic", "System.Diagnostics", "System.IO", "System.Linq", "System.Net", "System.Net.Http",
        "System.Text", "System.Threading", "System.Threading.Tasks", "Heddle",
    ];

    private static readonly CSharpParseOptions s_parsing =
        CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Latest);

    private readonly Lazy<ScriptOptions> _options = new(CreateOptions);
    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly Dictionary<string, string[]> _sources = [];
    private volatile ScriptState<object?>? _state;

    internal ScriptEngine()
    {
        // The script's Heddle is this very one, with the loop that runs.
        _loader.RegisterDependency(typeof(EventLoop).Assembly);
        _loader.RegisterDependency(typeof(ProcessExecutor).Assembly);
        _loader.RegisterDependency(typeof(ReplGlobals).Assembly);
    }

    internal ReplGlobals Globals { get; } = new();

    /// <summary>Whether no line has to follow: the text is a whole input, be it a wrong one. Any thread.</summary>
    internal static bool IsComplete(string code) => SyntaxFactory.IsCompleteSubmission(Parse(Mend(code)));

    /// <summary>A declaration at the end needs no semicolon, as an expression there needs none.</summary>
    private static string Mend(string code)
    {
        // In front of a comment, if one ends the line.
        var tree = Parse(code);
        var end = tree.GetRoot().GetLastToken().Span.End;
        if (end == 0 || !HasErrors(tree))
        {
            return code;
        }

        var mended = code.Insert(end, ";");
        tree = Parse(mended);
        return !HasErrors(tree) && tree.GetCompilationUnitRoot().Members is [.., FieldDeclarationSyntax] ? mended : code;
    }

    internal static bool HasErrors(SyntaxTree tree)
        => tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    internal static SyntaxTree Parse(string code) => CSharpSyntaxTree.ParseText(code, s_parsing);

    /// <summary>The line of an input or file, as an error tells it: counted from one. Null if it is not known.</summary>
    internal string? SourceLine(string name, int line)
    {
        lock (_sources)
        {
            return _sources.TryGetValue(name, out var lines) && line >= 1 && line <= lines.Length ? lines[line - 1] : null;
        }
    }

    /// <summary>What the code is in the place of the next input. Any thread.</summary>
    internal Compilation Look(string code) => Continue(new Input("", code)).GetCompilation();

    /// <summary>Compiles what would be run next. Takes its time, so not on the loop's thread.</summary>
    internal CompiledInput Compile(Input input)
    {
        lock (_sources)
        {
            _sources[input.Name] = input.Code.Split('\n');
        }

        input = input with { Code = Mend(input.Code) };
        try
        {
            var script = Continue(input);
            var compilation = script.GetCompilation();
            var errors = ErrorsOf(compilation.GetDiagnostics());
            if (errors.Count > 0)
            {
                return CompiledInput.Failed(errors);
            }

            var tree = compilation.SyntaxTrees.Last();
            var keeping = Continue(input with { Code = ContextKeeping.AddTo(compilation, tree) });
            errors = ErrorsOf(keeping.Compile());
            return errors.Count > 0
                ? CompiledInput.Failed(errors)
                : new(keeping, ContextKeeping.HasValue(compilation, tree), []);
        }
        catch (CompilationErrorException failure)
        {
            return CompiledInput.Failed(failure.Diagnostics);
        }
    }

    /// <summary>Runs it, in the task and the scope of the caller: its first part before this returns.</summary>
    /// <returns>How it ended. What it declared is there for the next input, even if it failed; not if that did not wait for it.</returns>
    internal async Task<ScriptState<object?>> RunAsync(Script<object?> script)
    {
        var before = _state;
        var state = before is null
            ? await script.RunAsync(Globals, static _ => true)
            : await script.RunFromAsync(before, static _ => true);
        if (ReferenceEquals(_state, before))
        {
            // Else it was given up, and others have been run since, which know nothing of it.
            _state = state;
        }

        return state;
    }

    /// <summary>Has the compiler itself compiled, while the user reads the first line.</summary>
    internal void WarmUp()
    {
        _ = IsComplete("var x = 1;");
        _ = Compile(new Input("", "var x = new List<int> { 1 }; Console.WriteLine($\"{x.Count}\"); await Coroutine.Yield(); x.Select(i => i + 1)"));
    }

    private Script<object?> Continue(Input input)
    {
        var options = _options.Value.WithFilePath(input.Name);
        return _state is { } state
            ? state.Script.ContinueWith<object?>(input.Code, options)
            : CSharpScript.Create<object?>(input.Code, options, typeof(ReplGlobals), _loader);
    }

    private static List<Diagnostic> ErrorsOf(IEnumerable<Diagnostic> diagnostics)
        => [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    private static ScriptOptions CreateOptions() => ScriptOptions.Default
        .WithReferences(Framework())
        .AddReferences(typeof(EventLoop).Assembly, typeof(ProcessExecutor).Assembly)
        .WithImports(s_namespaces)
        .WithLanguageVersion(LanguageVersion.Latest)
        .WithOptimizationLevel(OptimizationLevel.Debug)
        .WithEmitDebugInformation(true)
        .WithFileEncoding(Encoding.UTF8);

    /// <summary>Everything of .NET itself.</summary>
    private static IEnumerable<MetadataReference> Framework()
    {
        var folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var all = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return all.Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == folder)
            .Select(path => MetadataReference.CreateFromFile(path));
    }
}
