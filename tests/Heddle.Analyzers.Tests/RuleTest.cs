using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace Heddle.Analyzers.Tests;

/// <summary>
/// The tests of one rule. The code is C# with <c>[|…|]</c> around each place that the rule reports, compiled against
/// this process's platform and Heddle.
/// </summary>
public abstract class RuleTest<TAnalyzer, TFix>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Net.Http;
        using System.Threading;
        using System.Threading.Tasks;
        using Heddle;


        """;

    // None by name: those would be downloaded.
    private static readonly ReferenceAssemblies s_none = new("net10.0");

    /// <summary>The rule reports the marked places and no other; without a mark it reports nothing.</summary>
    protected static Task ReportsAsync(string code) => RunAsync(code, null, null);

    /// <summary>As <see cref="ReportsAsync"/>, for statements in a coroutine of a class with a few members to call.</summary>
    protected static Task ReportsInCoroutineAsync(string statements) => ReportsAsync(InCoroutine(statements));

    /// <summary>The rule has a suggestion for the place that <c>{|#0:…|}</c> marks, which a build does not print.</summary>
    protected static Task SuggestsInCoroutineAsync(string rule, string statements) =>
        RunAsync(InCoroutine(statements), null, null, new DiagnosticResult(rule, DiagnosticSeverity.Info).WithLocation(0));

    /// <summary>The fix turns the marked code into the other, at once and one by one.</summary>
    protected static Task FixesAsync(string code, string mended, string? fix = null) => RunAsync(code, mended, fix);

    /// <summary>As <see cref="FixesAsync"/>, for statements in a coroutine.</summary>
    protected static Task FixesInCoroutineAsync(string statements, string mended, string? fix = null) =>
        FixesAsync(InCoroutine(statements), InCoroutine(mended), fix);

    /// <summary>The rule reports the marked places, and no fix is offered.</summary>
    protected static Task OffersNoFixInCoroutineAsync(string statements) =>
        FixesInCoroutineAsync(statements, statements);

    private static string InCoroutine(string statements) => $$"""
        class Program
        {
            async Coroutine<int> RunAsync(CancellationToken token, Task task, Task<int> number, Stream stream)
            {
        {{Indented(statements)}}
                await Coroutine.Yield();
                return 0;
            }

            async Coroutine WorkAsync() => await Coroutine.Yield();

            async Coroutine<string> NameAsync() { await Coroutine.Yield(); return "Ann"; }

            Task<string> ForeignAsync(CancellationToken token = default) => Task.FromResult("Ann");

            static void Log(object what) { }
        }
        """;

    private static string Indented(string statements) =>
        string.Join('\n', statements.Split('\n').Select(line => line.Length == 0 ? line : $"        {line}"));

    private static Task RunAsync(string code, string? mended, string? fix, params DiagnosticResult[] expected)
    {
        var test = new CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier>
        {
            TestCode = Usings + code,
            ReferenceAssemblies = s_none,
            CodeActionEquivalenceKey = fix,

            // To mend all of one is to mend that one.
            CodeFixTestBehaviors = code.Split("[|").Length > 2 ? CodeFixTestBehaviors.None : CodeFixTestBehaviors.SkipFixAllCheck,
        };
        test.TestState.ExpectedDiagnostics.AddRange(expected);
        test.TestState.AdditionalReferences.AddRange(PlatformReferences.ByPath.Values);
        if (mended is not null)
        {
            test.FixedCode = Usings + mended;
        }

        return test.RunAsync(TestContext.Current.CancellationToken);
    }
}
