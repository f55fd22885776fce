namespace Heddle.Analyzers;

/// <summary>An async lambda, given to the library, that is no coroutine.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HED006LambdaOffTheLoopAnalyzer : HeddleAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "HED006",
        "An async lambda that is no coroutine",
        "'{0}' takes this async lambda as {1}, which no loop and no scope waits for: start a coroutine in it instead",
        "Heddle",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "What the library calls as an Action or a Func<Task> is not awaited as a coroutine: its failures and its end are lost.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(s_rule);

    private protected override void Register(CompilationStartAnalysisContext context, HeddleTypes types, DiagnosticDescriptor rule)
    {
        var foreign = new ForeignTypes(context.Compilation);
        context.RegisterOperationAction(
            operation =>
            {
                var creation = (IDelegateCreationOperation)operation.Operation;
                if (Function(creation.Target) is { IsAsync: true } function
                    && (function.ReturnsVoid || foreign.IsTask(function.ReturnType))
                    && (Receiver(creation) ?? ReceiverOfLocal(creation, types)) is { } receiver
                    && types.IsOurs(receiver))
                {
                    operation.ReportDiagnostic(Diagnostic.Create(
                        rule,
                        creation.Target.Syntax.GetLocation(),
                        $"{receiver.ContainingType.Name}{(receiver is IMethodSymbol { MethodKind: MethodKind.Constructor } ? "" : $".{receiver.Name}")}",
                        function.ReturnsVoid ? "async void" : "async Task"));
                }
            },
            OperationKind.DelegateCreation);
    }

    private static IMethodSymbol? Function(IOperation target) => target switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol,
        IMethodReferenceOperation group => group.Method,
        _ => null,
    };

    /// <summary>The library's member that is given the local which the delegate is declared for, if that has no other value.</summary>
    private static ISymbol? ReceiverOfLocal(IOperation creation, HeddleTypes types)
    {
        if (creation.Local() is not { } local)
        {
            return null;
        }

        var uses = creation.Root().Descendants().OfType<ILocalReferenceOperation>()
            .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local)).ToList();
        return uses.Any(use => use.Parent is IAssignmentOperation assignment && assignment.Target == use)
            ? null
            : uses.Select(Receiver).FirstOrDefault(receiver => receiver is not null && types.IsOurs(receiver));
    }

    /// <summary>The member that the delegate is given to.</summary>
    private static ISymbol? Receiver(IOperation creation)
    {
        var user = creation.Parent;
        while (user is IConversionOperation or IParenthesizedOperation)
        {
            user = user.Parent;
        }

        return user switch
        {
            IArgumentOperation { Parent: IInvocationOperation call } => call.TargetMethod,
            IArgumentOperation { Parent: IObjectCreationOperation made } => made.Constructor,
            ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } => property.Property,
            _ => null,
        };
    }
}
