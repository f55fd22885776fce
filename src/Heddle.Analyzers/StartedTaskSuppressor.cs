namespace Heddle.Analyzers;

/// <summary>
/// Takes back the compiler's warning that a task which was started is not awaited: its group, or its loop, awaits it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StartedTaskSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor s_started = new(
        "HEDS001", "CS4014", "A task that was started is awaited by its group or by its loop.");

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } = ImmutableArray.Create(s_started);

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        if (HeddleTypes.Find(context.Compilation) is not { } types)
        {
            return;
        }

        foreach (var warning in context.ReportedDiagnostics)
        {
            if (warning.Location.SourceTree is { } tree
                && tree.GetRoot(context.CancellationToken).FindNode(warning.Location.SourceSpan, getInnermostNodeForTie: true) is { } node
                && context.GetSemanticModel(tree).GetSymbolInfo(node, context.CancellationToken).Symbol is IMethodSymbol { Name: "Start" } start
                && types.IsOurs(start)
                && types.IsLoopTask(start.ReturnType))
            {
                context.ReportSuppression(Suppression.Create(s_started, warning));
            }
        }
    }
}
