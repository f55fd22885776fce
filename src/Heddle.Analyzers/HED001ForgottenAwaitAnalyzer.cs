namespace Heddle.Analyzers;

/// <summary>A coroutine that nobody awaits, starts, returns or hands on.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HED001ForgottenAwaitAnalyzer : HeddleAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "HED001",
        "A coroutine is never awaited",
        "'{0}' gives a coroutine that is never awaited, so that none of its body runs: await it, start it as a task, or return it",
        "Heddle",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A coroutine is cold: the call makes it, and only an await or a start runs it. To store it or to print it is not enough.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(s_rule);

    private protected override void Register(CompilationStartAnalysisContext context, HeddleTypes types, DiagnosticDescriptor rule)
    {
        var makers = new CoroutineMakers(types, context.Compilation);
        context.RegisterOperationBlockAction(block =>
        {
            foreach (var maker in block.OperationBlocks.SelectMany(body => CoroutineFlow.ForgottenIn(body, block.GetControlFlowGraph, makers)))
            {
                block.ReportDiagnostic(Diagnostic.Create(rule, maker.Syntax.GetLocation(), makers.Described(maker)));
            }
        });
    }
}
