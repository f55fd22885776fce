namespace Heddle.Analyzers;

/// <summary>A race of waits that take something, of which a loser may have taken it all the same.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HED008RaceForItemsAnalyzer : HeddleAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "HED008",
        "A loser of a race loses what it has taken",
        "A race may lose what '{0}' takes: a loser may have been served already, and that is lost; 'Select.OneAsync' takes exactly one",
        "Heddle",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Each coroutine of a race runs in a task of its own. Two of them may be served in one turn of the loop, and one result is dropped.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(s_rule);

    private protected override void Register(CompilationStartAnalysisContext context, HeddleTypes types, DiagnosticDescriptor rule) =>
        context.RegisterOperationAction(
            operation =>
            {
                var race = (IInvocationOperation)operation.Operation;
                if (race.TargetMethod.Name is "Race" && types.IsMemberOf(race.TargetMethod, "Coroutine") && race.Arguments.Length == 1
                    && Takers(race.Arguments[0].Value, types).FirstOrDefault() is { } taker)
                {
                    operation.ReportDiagnostic(Diagnostic.Create(rule, taker.Syntax.GetLocation(), taker.Described()));
                }
            },
            OperationKind.Invocation);

    /// <summary>The calls among the coroutines of a race that take something, as far as they stand in sight.</summary>
    private static IEnumerable<IInvocationOperation> Takers(IOperation racing, HeddleTypes types) => racing.Bare() switch
    {
        IArrayCreationOperation { Initializer: { } array } => array.ElementValues.SelectMany(element => Takers(element, types)),
        ICollectionExpressionOperation several => several.Elements.SelectMany(element => Takers(element, types)),
        ISpreadOperation spread => Takers(spread.Operand, types),
        IConditionalOperation { WhenFalse: { } other } choice => Takers(choice.WhenTrue, types).Concat(Takers(other, types)),
        ILocalReferenceOperation local when local.Initializer() is { } initializer => Takers(initializer, types),
        IInvocationOperation call when Takes(call.TargetMethod, types) => [call],
        IInvocationOperation { TargetMethod.Name: "WithTimeout", Arguments: { Length: > 0 } arguments } call when types.IsOurs(call.TargetMethod)
            => Takers(arguments[0].Value, types),
        IInvocationOperation { TargetMethod: { Name: "Select", ContainingType.Name: "Enumerable" } } query
            => query.Descendants().OfType<IReturnOperation>().SelectMany(made => made.ReturnedValue is { } value ? Takers(value, types) : []),
        _ => [],
    };

    /// <summary>What it gives is gone from where it was. A lock is not: a race disposes of what a loser has got.</summary>
    private static bool Takes(IMethodSymbol method, HeddleTypes types) => types.IsOurs(method) && method.ContainingType.Name switch
    {
        "AsyncQueue" => method.Name is "GetAsync" or "PutAsync",
        "AsyncSemaphore" or "AsyncCapacityLimiter" => method.Name is "AcquireAsync",
        "AsyncAutoResetEvent" => method.Name is "WaitAsync",
        "ByteReader" => method.Name.StartsWith("Read", StringComparison.Ordinal),
        "UdpSocket" => method.Name.StartsWith("Receive", StringComparison.Ordinal),
        _ => false,
    };
}
