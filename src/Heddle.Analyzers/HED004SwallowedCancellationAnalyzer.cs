namespace Heddle.Analyzers;

/// <summary>A catch clause that takes the cancellation of the scope around it for a failure.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HED004SwallowedCancellationAnalyzer : HeddleAnalyzer
{
    private static readonly string[] s_keepers = ["Fail", "SetException", "FromException", "Capture", "Throw"];

    private static readonly DiagnosticDescriptor s_rule = new(
        "HED004",
        "A catch swallows cancellation",
        "This catch swallows the cancellation of the scope around it: rethrow it, or filter it out ('when (e is not OperationCanceledException)')",
        "Heddle",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A cancelled scope throws at each suspension until it is left. A catch that swallows it keeps the task in the scope.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(s_rule);

    private protected override void Register(CompilationStartAnalysisContext context, HeddleTypes types, DiagnosticDescriptor rule)
    {
        if (context.Compilation.GetTypeByMetadataName("Heddle.ScopeCanceledException") is not { } cancellation)
        {
            return;
        }

        context.RegisterOperationAction(
            operation =>
            {
                var attempt = (ITryOperation)operation.Operation;
                if (attempt.Catches.FirstOrDefault(clause => Catches(clause, cancellation)) is { } clause
                    && types.IsInLoopBody(attempt, operation.ContainingSymbol)
                    && AwaitsOurs(attempt.Body, types)
                    && !PassesOn(clause))
                {
                    operation.ReportDiagnostic(Diagnostic.Create(rule, clause.Syntax.GetFirstToken().GetLocation()));
                }
            },
            OperationKind.Try);
    }

    /// <summary>Whether it takes each cancellation that comes to it, so that clauses below it get none.</summary>
    private static bool Catches(ICatchClauseOperation clause, INamedTypeSymbol cancellation)
    {
        for (var type = cancellation; clause.Filter is null && type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, clause.ExceptionType))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AwaitsOurs(IOperation body, HeddleTypes types) => body.OwnDescendants().Any(operation => operation switch
    {
        IAwaitOperation awaiting => types.IsOurs(awaiting.Operation.Type),
        IPropertyReferenceOperation { Property.Name: "Token" } token => types.IsMemberOf(token.Property, "CancelScope"),
        IForEachLoopOperation { IsAsynchronous: true } => true,
        _ => false,
    });

    private static bool PassesOn(ICatchClauseOperation clause)
    {
        var caught = clause.Locals.FirstOrDefault();
        return clause.Handler.OwnDescendants().Any(operation => operation switch
        {
            IThrowOperation => true,
            IInvocationOperation call => call.TargetMethod.GetAttributes().Any(attribute => attribute.AttributeClass is { Name: "DoesNotReturnAttribute" }),
            ILocalReferenceOperation local => SymbolEqualityComparer.Default.Equals(local.Local, caught) && IsKept(local),
            _ => false,
        });
    }

    /// <summary>Kept for later: whoever has the exception may throw it.</summary>
    private static bool IsKept(IOperation exception)
    {
        var user = exception.Parent;
        while (user is IConversionOperation or IArrayInitializerOperation or IArrayCreationOperation or ICollectionExpressionOperation)
        {
            user = user.Parent;
        }

        return user switch
        {
            ISimpleAssignmentOperation or IVariableInitializerOperation or IReturnOperation or ITupleOperation => true,
            IArgumentOperation { Parent: IInvocationOperation call } => Keeps(call.TargetMethod.Name),
            IArgumentOperation { Parent: IObjectCreationOperation } => true,
            _ => false,
        };
    }

    /// <summary>By its name: what sets, captures or throws it, or ends something with it. A log does not.</summary>
    private static bool Keeps(string method) =>
        s_keepers.Any(name => method.IndexOf(name, StringComparison.Ordinal) >= 0);
}
