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
        "A yield hands control to the caller while the scope is open, so that the scope would cover code that is not in it.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(s_rule);

    private protected override void Register(CompilationStartAnalysisContext context, HeddleTypes types, DiagnosticDescriptor rule) =>
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (call.TargetMethod.Name is "Yield" or "YieldFrom"
                    && HeddleTypes.IsGeneratorHandle(call.TargetMethod.ContainingType)
                    && Owner(call, call.Instance?.Variable()?.ContainingSymbol, types, []) is { } owner)
                {
                    operation.ReportDiagnostic(Diagnostic.Create(
                        rule, call.Syntax.GetLocation(), call.Syntax.ToString(), $"{owner.ContainingType.Name}.{owner.Name}"));
                }
            },
            OperationKind.Invocation);

    /// <summary>The library's method in which the yield happens, between it and the body of its generator.</summary>
    private static IMethodSymbol? Owner(IOperation yield, ISymbol? generator, HeddleTypes types, HashSet<IOperation> asked)
    {
        if (GivenTo(yield) is { } wrapping && types.IsOurs(wrapping))
        {
            return wrapping;
        }

        for (var around = yield.Parent; around is not null; around = around.Parent)
        {
            if (around.AsFunction() is not { } function)
            {
                continue;
            }

            if (SymbolEqualityComparer.Default.Equals(function, generator))
            {
                return null;
            }

            // A local function, or a lambda that has a name, yields wherever it is called.
            if (around is ILocalFunctionOperation || around.Local() is not null)
            {
                return asked.Add(around)
                    ? around.UsesOf(function)
                        .Select(use => use is IInvocationOperation ? Owner(use, generator, types, asked) : Scope(use, types))
                        .FirstOrDefault(owner => owner is not null)
                    : null;
            }

            if (Scope(around, types) is { } scope)
            {
                return scope;
            }
        }

        return null;
    }

    /// <summary>The scope, group or task that a function is given to as its body.</summary>
    private static IMethodSymbol? Scope(IOperation function, HeddleTypes types) =>
        GivenTo(function.Parent as IDelegateCreationOperation ?? function) is { } method
        && s_owners.Contains(method.ContainingType.Name)
        && types.IsOurs(method)
            ? method
            : null;

    private static IMethodSymbol? GivenTo(IOperation value)
    {
        var user = value.Parent;
        while (user is IConversionOperation or IParenthesizedOperation or IArrayInitializerOperation or IArrayCreationOperation
            or ICollectionExpressionOperation)
        {
            user = user.Parent;
        }

        return user is IArgumentOperation { Parent: IInvocationOperation call } ? call.TargetMethod : null;
    }
}
