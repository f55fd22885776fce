namespace Heddle.Analyzers;

/// <summary>A generator's yield inside a scope, a group or a task, which it would leave half done.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HED005YieldInScopeAnalyzer : HeddleAnalyzer
{
    private static readonly ImmutableHashSet<string> s_owners =
        ImmutableHashSet.Create("CancelScope", "TaskGroup", "LoopTask", "EventLoop", "EventLoopThread");

    private static readonly DiagnosticDescriptor s_rule = new(
        "HED005",
        "A generator yields inside a scope",
        "'{0}' stands inside '{1}', and a generator cannot yield from within a scope, a group or a task: yield outside of it",
        "Heddle",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A yield hands control to the caller while the scope is open, so that the scope would cover code that is not in it.",
        RulePage.Of("HED005"));

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(s_rule);

    private protected override void Register(CompilationStartAnalysisContext context, HeddleTypes types) =>
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (call.TargetMethod.Name is "Yield" or "YieldFrom"
                    && HeddleTypes.IsGeneratorHandle(call.TargetMethod.ContainingType)
                    && (Wrapping(call, types) ?? Surrounding(call, types)) is { } owner)
                {
                    operation.ReportDiagnostic(Diagnostic.Create(
                        s_rule, call.Syntax.GetLocation(), call.Syntax.ToString(), $"{owner.ContainingType.Name}.{owner.Name}"));
                }
            },
            OperationKind.Invocation);

    /// <summary>The library's method that the yield is given to, which runs it in a scope or in a task.</summary>
    private static IMethodSymbol? Wrapping(IInvocationOperation yield, HeddleTypes types)
    {
        IOperation? user = yield.Parent;
        while (user is IConversionOperation or IParenthesizedOperation or IArrayInitializerOperation or IArrayCreationOperation
            or ICollectionExpressionOperation)
        {
            user = user.Parent;
        }

        return user is IArgumentOperation { Parent: IInvocationOperation call } && types.IsOurs(call.TargetMethod)
            ? call.TargetMethod
            : null;
    }

    /// <summary>The library's method whose body the yield stands in, between it and the body of its generator.</summary>
    private static IMethodSymbol? Surrounding(IInvocationOperation yield, HeddleTypes types)
    {
        var generator = yield.Instance?.Variable()?.ContainingSymbol;
        for (var around = yield.Parent; around is not null; around = around.Parent)
        {
            if (around.AsFunction() is { } function && SymbolEqualityComparer.Default.Equals(function, generator))
            {
                return null;
            }

            if (around is IAnonymousFunctionOperation { Parent: IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation call } } }
                && s_owners.Contains(call.TargetMethod.ContainingType.Name)
                && types.IsOurs(call.TargetMethod))
            {
                return call.TargetMethod;
            }
        }

        return null;
    }
}
