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
        "A coroutine is cold: the call makes it, and only an await or a start runs it. To store it or to print it is not enough.",
        RulePage.Of("HED001"));

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(s_rule);

    private protected override void Register(CompilationStartAnalysisContext context, HeddleTypes types) =>
        context.RegisterOperationAction(
            operation =>
            {
                if (types.IsCold(operation.Operation.Type) && IsForgotten(operation.Operation))
                {
                    operation.ReportDiagnostic(
                        Diagnostic.Create(s_rule, operation.Operation.Syntax.GetLocation(), operation.Operation.Described()));
                }
            },
            OperationKind.Invocation,
            OperationKind.Await);

    private static bool IsForgotten(IOperation coroutine)
    {
        var use = CoroutineUse.Of(coroutine);
        return !use.IsHandedOn && (use.StoredIn is not { } local || !IsHandedOn(local, coroutine));
    }

    private static bool IsHandedOn(ILocalSymbol local, IOperation somewhere) =>
        somewhere.Root().Descendants().OfType<ILocalReferenceOperation>().Any(reference =>
            SymbolEqualityComparer.Default.Equals(reference.Local, local) && IsHandedOn(reference));

    /// <summary>Put into another local counts: who copies it has an intention.</summary>
    private static bool IsHandedOn(ILocalReferenceOperation reference)
    {
        var use = CoroutineUse.Of(reference);
        return use.IsHandedOn || use.StoredIn is not null;
    }
}
