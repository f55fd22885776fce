using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Heddle.Analyzers.Tests;

/// <summary>What the compiler says of statements that do not await, with the suppressor.</summary>
public sealed class StartedTaskSuppressorTests
{
    [Theory]
    [InlineData("group.Start(WorkAsync());")]
    [InlineData("group.Start(NameAsync(), \"name\");")]
    [InlineData("group.Start(async () => await WorkAsync());")]
    [InlineData("LoopTask.Start(WorkAsync());")]
    [InlineData("LoopTask.Start(async () => await NameAsync());")]
    public async Task A_started_task_need_not_be_awaited(string statement) =>
        Assert.Empty(await WarningsAsync(statement));

    [Theory]
    [InlineData("WorkAsync();")]
    [InlineData("Task.Run(() => 1);")]
    [InlineData("Coroutine.Race(NameAsync());")]
    [InlineData("group.StartAsync(async started => { started.Set(); await WorkAsync(); });")]
    [InlineData("Identity(LoopTask.Start(WorkAsync()));")]
    [InlineData("Start(WorkAsync());")]
    public async Task Anything_else_must_be(string statement) =>
        Assert.Equal("CS4014", Assert.Single(await WarningsAsync(statement)).Id);

    private static async Task<IReadOnlyList<Diagnostic>> WarningsAsync(string statement)
    {
        var tree = CSharpSyntaxTree.ParseText(
            $$"""
            using System.Threading.Tasks;
            using Heddle;

            static class Program
            {
                static Coroutine RunAsync() => TaskGroup.RunAsync(async group =>
                {
                    {{statement}}
                    await Coroutine.Yield();
                });

                static async Coroutine WorkAsync() => await Coroutine.Yield();

                static async Coroutine<string> NameAsync() { await Coroutine.Yield(); return "Ann"; }

                static LoopTask Identity(LoopTask task) => task;

                static LoopTask Start(Coroutine coroutine) => LoopTask.Start(coroutine);
            }
            """,
            cancellationToken: TestContext.Current.CancellationToken);
        var compilation = CSharpCompilation.Create(
            "started",
            [tree],
            PlatformReferences.ByPath.Values,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var diagnostics = await compilation
            .WithAnalyzers([new StartedTaskSuppressor()])
            .GetAllDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. diagnostics.Where(diagnostic => !diagnostic.IsSuppressed && diagnostic.Severity >= DiagnosticSeverity.Warning)];
    }
}
