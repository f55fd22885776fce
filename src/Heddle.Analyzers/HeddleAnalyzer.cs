namespace Heddle.Analyzers;

/// <summary>An analyzer that is silent where Heddle is not referred to.</summary>
public abstract class HeddleAnalyzer : DiagnosticAnalyzer
{
    private protected HeddleAnalyzer()
    {
    }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (HeddleTypes.Find(start.Compilation) is { } types)
            {
                Register(start, types, RulePage.In(start.Options, SupportedDiagnostics[0]));
            }
        });
    }

    private protected abstract void Register(CompilationStartAnalysisContext context, HeddleTypes types, DiagnosticDescriptor rule);
}
