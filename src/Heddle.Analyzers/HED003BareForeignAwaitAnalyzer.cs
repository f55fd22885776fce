namespace Heddle.Analyzers;

/// <summary>An await of something foreign that a cancelled scope cannot break off.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HED003BareForeignAwaitAnalyzer : HeddleAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "HED003",
        "A foreign await cannot be cancelled",
        "A cancelled scope or a timeout waits for '{0}': give it the token of CancelScope.Current, or make it abandonable with OrCanceled()",
        "Heddle",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A bare await of a Task or ValueTask behaves like a shield. Timeouts, groups and Ctrl+C are met only after it.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(s_rule);

    private protected override void Register(CompilationStartAnalysisContext context, HeddleTypes types, DiagnosticDescriptor rule)
    {
        var foreign = new ForeignTypes(context.Compilation);
        context.RegisterOperationAction(
            operation =>
            {
                var awaited = foreign.WithoutConfigureAwait(((IAwaitOperation)operation.Operation).Operation);
                if (foreign.IsTask(awaited.Type)
                    && types.IsInLoopBody(operation.Operation, operation.ContainingSymbol)
                    && Bare(awaited, operation.Operation, types, foreign) is { } bare
                    && !IsMeantToEnd(operation.Operation, types))
                {
                    // A property's task may be a signal, which is sure to come: an editor suggests the fix, and a build is silent.
                    var severity = bare is IPropertyReferenceOperation ? DiagnosticSeverity.Info : rule.DefaultSeverity;
                    operation.ReportDiagnostic(Diagnostic.Create(rule, awaited.Syntax.GetLocation(), severity, null, null, bare.Described()));
                }
            },
            OperationKind.Await);
    }

    /// <summary>
    /// The first part of what is awaited that may take as long as it likes; null if all follow their scope, or end at once, or
    /// must not be broken off. Judged are calls, and properties of somebody else's objects: a task that comes from a field or a
    /// parameter is as likely a signal, whose other end is the program's own.
    /// </summary>
    private static IOperation? Bare(IOperation task, IOperation awaiting, HeddleTypes types, ForeignTypes foreign)
    {
        IOperation? First(params IOperation?[] parts) => parts.OfType<IOperation>()
            .Select(part => Bare(foreign.WithoutConfigureAwait(part), awaiting, types, foreign))
            .FirstOrDefault(bare => bare is not null);

        switch (task)
        {
            case IInvocationOperation call:
                return HasToken(call, foreign) || IsOfTheProgram(call, types, foreign) || EndsAtOnce(call.TargetMethod)
                    || call.TargetMethod.Name is "DisposeAsync"
                        ? null
                        : Parts(call) is not { IsDefaultOrEmpty: false } tasks ? call
                        : First([.. tasks]) is not IInvocationOperation part ? First([.. tasks])
                        : call;
            case IPropertyReferenceOperation { Property: { IsStatic: false, DeclaringSyntaxReferences.IsEmpty: true } property }
                when property.Name is not "Current" && !property.IsIndexer && !types.IsOurs(property):
                return task;
            case ILocalReferenceOperation local when local.Initializer() is { } value && !CompletedTasks.Include(local, awaiting):
                return First(value);
            case IConditionalOperation choice:
                return First(choice.WhenTrue, choice.WhenFalse);
            case ICoalesceOperation coalesce:
                return First(coalesce.Value, coalesce.WhenNull);
            case ISwitchExpressionOperation choice:
                return First([.. choice.Arms.Select(arm => arm.Value)]);
            case IConditionalAccessOperation access:
                return First(access.WhenNotNull);
            case ISimpleAssignmentOperation assignment:
                return First(assignment.Value);
            default:
                return null;
        }
    }

    /// <summary>CancellationToken.None counts: who writes it means it.</summary>
    private static bool HasToken(IInvocationOperation call, ForeignTypes foreign) => call.Arguments.Any(argument =>
        argument.ArgumentKind != ArgumentKind.DefaultValue
        && SymbolEqualityComparer.Default.Equals(argument.Value.Type, foreign.Token)
        && argument.Value.Bare() is not IDefaultValueOperation);

    /// <summary>
    /// An async method of the same program, a delegate, a coroutine as a task, and what runs a delegate that returns a
    /// task: the awaits within are the program's own, and meet the cancellation. The thread pool has no scope. A
    /// collection that gives back a task has not begun it.
    /// </summary>
    private static bool IsOfTheProgram(IInvocationOperation call, HeddleTypes types, ForeignTypes foreign) =>
        call.TargetMethod.IsAsync
        || call.TargetMethod.MethodKind == MethodKind.DelegateInvoke
        || call.TargetMethod.OriginalDefinition.ReturnType is ITypeParameterSymbol
        || types.IsCoroutine(call.TargetMethod.ContainingType)
        || (call.TargetMethod.ContainingType.Name is not ("Task" or "TaskFactory")
            && call.Arguments.Any(argument => argument.Value.Type is INamedTypeSymbol { DelegateInvokeMethod.ReturnType: var result }
                && foreign.IsTask(result)));

    /// <summary>The tasks that a call waits for together.</summary>
    private static ImmutableArray<IOperation> Parts(IInvocationOperation call) =>
        call.TargetMethod is { Name: "WhenAll" or "WhenAny", ContainingType.Name: "Task" } && call.Arguments.Length == 1
            ? Elements(call.Arguments[0].Value.Bare())
            : default;

    private static ImmutableArray<IOperation> Elements(IOperation collection) => collection switch
    {
        IArrayCreationOperation { Initializer: { } array } => array.ElementValues,
        ICollectionExpressionOperation several => several.Elements,
        _ => default,
    };

    private static bool EndsAtOnce(IMethodSymbol method) =>
        method.Name is "FromResult" or "FromException" or "FromCanceled" && method.ContainingType.Name is "Task" or "ValueTask";

    /// <summary>Clean-up, and what stands under a shield, is meant to end.</summary>
    private static bool IsMeantToEnd(IOperation awaiting, HeddleTypes types)
    {
        var inner = awaiting;
        for (var around = awaiting.Parent; around is not null; (inner, around) = (around, around.Parent))
        {
            switch (around)
            {
                case ITryOperation { Finally: { } cleanUp } when cleanUp == inner:
                    return true;
                case IAnonymousFunctionOperation lambda:
                    return lambda.Parent is IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation call } }
                        && call.TargetMethod.Name is "ShieldAsync" && types.IsMemberOf(call.TargetMethod, "CancelScope");
                case ILocalFunctionOperation:
                    return false;
            }
        }

        return false;
    }
}
