namespace Heddle.Analyzers;

/// <summary>A coroutine returned out of a <c>using</c>, a <c>lock</c> or a <c>finally</c>, which are over before it runs.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HED007ColdReturnAnalyzer : HeddleAnalyzer
{
    private static readonly ImmutableHashSet<string> s_ends =
        ImmutableHashSet.Create("Dispose", "DisposeAsync", "Close", "Release", "Return", "Exit");

    private static readonly DiagnosticDescriptor s_rule = new(
        "HED007",
        "A coroutine is returned out of what it needs",
        "'{0}' gives a coroutine, which is cold: none of it has run when {1}: make this function async, and await it here",
        "Heddle",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A coroutine runs when it is awaited. By then the using, the lock or the try that it was returned out of is over.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(s_rule);

    private protected override void Register(CompilationStartAnalysisContext context, HeddleTypes types, DiagnosticDescriptor rule) =>
        context.RegisterOperationAction(
            operation =>
            {
                if (operation.Operation is not IReturnOperation { ReturnedValue: { } value })
                {
                    return;
                }

                operation.Operation.Function(operation.ContainingSymbol, out var function);
                if (function is { IsAsync: false }
                    && types.IsCoroutine(function.ReturnType)
                    && Made(value, types).Select(made => (Made: made, Over: Over(operation.Operation, made, types))).FirstOrDefault(found => found.Over is not null)
                        is { Over: { } over } found)
                {
                    operation.ReportDiagnostic(Diagnostic.Create(rule, value.Syntax.GetLocation(), found.Made.Described(), over));
                }
            },
            OperationKind.Return);

    /// <summary>The calls that make what is returned.</summary>
    private static IEnumerable<IInvocationOperation> Made(IOperation value, HeddleTypes types) => value.Bare() switch
    {
        IInvocationOperation call when types.IsCold(call.Type) && call.TargetMethod.Name is not ("FromResult" or "FromException") => [call],
        IConditionalOperation { WhenFalse: { } other } choice => Made(choice.WhenTrue, types).Concat(Made(other, types)),
        ICoalesceOperation coalesce => Made(coalesce.Value, types).Concat(Made(coalesce.WhenNull, types)),
        ISwitchExpressionOperation choice => choice.Arms.SelectMany(arm => Made(arm.Value, types)),
        ILocalReferenceOperation local when local.Initializer() is { } initializer => Made(initializer, types),
        _ => [],
    };

    /// <summary>What is over before the coroutine runs, in words; null if it needs nothing of that.</summary>
    private static string? Over(IOperation returned, IInvocationOperation made, HeddleTypes types)
    {
        for (var (inner, around) = (returned, returned.Parent); around is not null && around.AsFunction() is null; (inner, around) = (around, around.Parent))
        {
            var over = around switch
            {
                IUsingOperation usage when usage.Body == inner => usage.Locals.IsEmpty
                    ? usage.Resources.Variable() is { } resource ? Needed(resource, usage.Body, made, types) : Around(usage.Body, made, "the using ends")
                    : usage.Locals.Select(local => Needed(local, usage.Body, made, types)).FirstOrDefault(found => found is not null),
                IBlockOperation block => block.Operations.TakeWhile(statement => statement != inner)
                    .OfType<IUsingDeclarationOperation>()
                    .SelectMany(declaration => declaration.DeclarationGroup.GetDeclaredVariables())
                    .Select(local => Needed(local, block, made, types))
                    .FirstOrDefault(found => found is not null),
                ITryOperation { Finally: { } cleanUp } attempt when cleanUp != inner => Undone(attempt, cleanUp, made, types),
                ILockOperation guarded when guarded.Body == inner => Around(guarded.Body, made, "the lock is left"),
                _ => null,
            };
            if (over is not null)
            {
                return over;
            }
        }

        return null;
    }

    private static string? Needed(ISymbol resource, IOperation scope, IInvocationOperation made, HeddleTypes types)
    {
        if (Carries(made, Holders(resource, scope, types), types))
        {
            return $"'{resource.Name}' is disposed of";
        }

        // One that nobody speaks of is there for what happens meanwhile.
        return scope.Descendants().Any(part => part is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation
                && SymbolEqualityComparer.Default.Equals(part.Named(), resource))
            ? null
            : Around(scope, made, $"'{resource.Name}' is disposed of");
    }

    private static string? Undone(ITryOperation attempt, IBlockOperation cleanUp, IInvocationOperation made, HeddleTypes types)
    {
        var ended = cleanUp.OwnDescendants().OfType<IInvocationOperation>()
            .Where(call => s_ends.Contains(call.TargetMethod.Name))
            .SelectMany(call => call.Arguments.Select(argument => argument.Value).Concat(call.Instance is { } instance ? [instance] : []))
            .Select(value => (value is IConditionalAccessInstanceOperation ? Receiver(value) : value).Named())
            .OfType<ISymbol>();
        foreach (var resource in ended)
        {
            if (Carries(made, Holders(resource, attempt.Body, types), types))
            {
                return $"'{resource.Name}' is given back";
            }
        }

        return Around(attempt.Body, made, "the finally clause runs");
    }

    private static IOperation Receiver(IOperation value)
    {
        for (var around = value.Parent; around is not null; around = around.Parent)
        {
            if (around is IConditionalAccessOperation access)
            {
                return access.Operation.Bare();
            }
        }

        return value;
    }

    /// <summary>
    /// A block that holds the return alone, of a call that takes only what is there: nothing happens in it but that a coroutine
    /// is made, so it was meant for the run of that coroutine.
    /// </summary>
    private static string? Around(IOperation scope, IInvocationOperation made, string over) =>
        (scope is not IBlockOperation block || block.Operations.All(statement => statement is IReturnOperation or IUsingDeclarationOperation))
        && made.OwnDescendants().All(part => part == made || part is IArgumentOperation or IConversionOperation or IParenthesizedOperation
            or ILiteralOperation or ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation
            or IDelegateCreationOperation or IDefaultValueOperation)
            ? over
            : null;

    /// <summary>The resource, and the locals that were made with it.</summary>
    private static HashSet<ISymbol> Holders(ISymbol resource, IOperation scope, HeddleTypes types)
    {
        var holders = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { resource };
        foreach (var declarator in scope.OwnDescendants().OfType<IVariableDeclaratorOperation>().OrderBy(declarator => declarator.Syntax.SpanStart))
        {
            if (declarator.Initializer is { } initializer && Carries(initializer, holders, types))
            {
                holders.Add(declarator.Symbol);
            }
        }

        return holders;
    }

    private static bool Carries(IOperation whole, HashSet<ISymbol> holders, HeddleTypes types) =>
        whole.Descendants().Any(part => part.Named() is { } symbol && holders.Contains(symbol) && IsCarried(part, whole, types));

    /// <summary>
    /// Whether the value gets from its place into the whole: as an argument, in an object or by a lambda, and not by way of a
    /// number, a text or another call's result, which may need it no longer.
    /// </summary>
    private static bool IsCarried(IOperation part, IOperation whole, HeddleTypes types)
    {
        var isCarried = true;
        for (var around = part; around is not null && around != whole; around = around.Parent)
        {
            isCarried = around switch
            {
                IAnonymousFunctionOperation => true,
                IInvocationOperation call => isCarried && types.IsCold(call.Type),
                IArgumentOperation { Parent: IInvocationOperation } or INameOfOperation => isCarried && around is not INameOfOperation,
                _ => isCarried && !(around.Type is { } type && (type.TypeKind == TypeKind.Enum
                    || type.SpecialType is not (SpecialType.None or SpecialType.System_Object))),
            };
        }

        return isCarried;
    }
}
