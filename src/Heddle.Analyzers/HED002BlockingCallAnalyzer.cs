namespace Heddle.Analyzers;

/// <summary>A blocking call in a coroutine, which stops every task of the loop.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HED002BlockingCallAnalyzer : HeddleAnalyzer
{
    /// <summary>The key, among a diagnostic's properties, of its <see cref="BlockingTwin"/>.</summary>
    public const string TwinKey = "Twin";

    private static readonly DiagnosticDescriptor s_rule = new(
        "HED002",
        "A coroutine blocks its loop",
        "'{0}' blocks the loop's thread, so that no other task runs until it returns: {1}",
        "Heddle",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "All tasks of a loop share one thread. While a coroutine blocks it, timers are late and nothing else is served.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(s_rule);

    private protected override void Register(CompilationStartAnalysisContext context, HeddleTypes types, DiagnosticDescriptor rule)
    {
        var blocking = new BlockingCalls(context.Compilation);
        var foreign = new ForeignTypes(context.Compilation);
        context.RegisterOperationAction(
            operation =>
            {
                if (Blocks(operation.Operation, types, foreign, blocking) is { } twin
                    && IsRunInLoopBody(operation.Operation, operation.ContainingSymbol, types, []))
                {
                    operation.ReportDiagnostic(Diagnostic.Create(
                        rule,
                        operation.Operation.Syntax.GetLocation(),
                        ImmutableDictionary.Create<string, string?>().Add(TwinKey, twin.ToString()),
                        operation.Operation.Described(),
                        twin is BlockingTwin.None ? "use what Heddle has in its place, or run it on a thread with Coroutine.ToThread"
                            : twin is BlockingTwin.PoolThread ? "run it on a thread with Coroutine.ToThread"
                            : "await its twin instead"));
                }
            },
            OperationKind.Invocation,
            OperationKind.PropertyReference);
    }

    /// <summary>A plain local function blocks whoever calls it.</summary>
    private static bool IsRunInLoopBody(IOperation operation, ISymbol member, HeddleTypes types, HashSet<IOperation> asked) =>
        types.IsInLoopBody(operation, member)
        || (operation.Function(member, out var function) is ILocalFunctionOperation local
            && function is { IsAsync: false }
            && asked.Add(local)
            && local.UsesOf(function).Any(use => use is IInvocationOperation && IsRunInLoopBody(use, member, types, asked)));

    private static BlockingTwin? Blocks(IOperation operation, HeddleTypes types, ForeignTypes foreign, BlockingCalls blocking)
    {
        switch (operation)
        {
            case IPropertyReferenceOperation { Property.Name: "Result", Instance: { } task }:
                return foreign.IsTask(task.Type) && !CompletedTasks.Include(task) ? BlockingTwin.AwaitReceiver : null;
            case IInvocationOperation { TargetMethod.Name: "GetResult", Instance: IInvocationOperation { Instance: { } receiver } awaiter }
                when awaiter.TargetMethod.Name is "GetAwaiter":
                var awaited = foreign.WithoutConfigureAwait(receiver);
                return types.IsCoroutine(awaited.Type) || (foreign.IsTask(awaited.Type) && !CompletedTasks.Include(awaited))
                    ? BlockingTwin.AwaitReceiver
                    : null;
            case IInvocationOperation call when blocking.TwinOf(call) is { } twin:
                return twin is BlockingTwin.AwaitReceiver && call.Arguments.Length > 0 ? BlockingTwin.None : twin;
            default:
                return null;
        }
    }
}
