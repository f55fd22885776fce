using System.Collections.Concurrent;

namespace Heddle.Analyzers;

/// <summary>Something that is another thing each time, in what a simulated test runs.</summary>
/// <remarks>The body of the simulation, and what it calls in the same compilation, as far as a call names its method.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HED009OutsideOfSimulationAnalyzer : HeddleAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "HED009",
        "A simulated program asks what is another thing each time",
        "A simulation runs '{0}', which is another thing in each run, so that no run can be repeated: {1}",
        "Heddle",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A run that failed is shown by being run again. What comes from the real time, from chance or from another thread makes it another run.",
        helpLinkUri: null,
        WellKnownDiagnosticTags.CompilationEnd);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(s_rule);

    private protected override void Register(CompilationStartAnalysisContext context, HeddleTypes types, DiagnosticDescriptor rule)
    {
        if (context.Compilation.GetTypeByMetadataName("Heddle.Testing.Simulation") is not { } simulation
            || SymbolEqualityComparer.Default.Equals(simulation.ContainingAssembly, context.Compilation.Assembly))
        {
            return;
        }

        var functions = new ConcurrentDictionary<ISymbol, Function>(SymbolEqualityComparer.Default);
        var bodies = new ConcurrentBag<(Function Body, bool IsOfTasks)>();
        context.RegisterOperationBlockStartAction(block =>
        {
            block.RegisterOperationBlockEndAction(end =>
            {
                foreach (var root in end.OperationBlocks)
                {
                    Read(functions.GetOrAdd(end.OwningSymbol, static _ => new()), root, functions);
                }
            });
            block.RegisterOperationAction(
                operation =>
                {
                    var call = (IInvocationOperation)operation.Operation;
                    if (SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, simulation)
                        && call.Arguments.FirstOrDefault(static argument => argument.Parameter?.Name == "body")?.Value is { } body)
                    {
                        bodies.Add((BodyOf(body), call.TargetMethod.Name.EndsWith("Tasks", StringComparison.Ordinal)));
                    }
                },
                OperationKind.Invocation);
        });
        context.RegisterCompilationEndAction(end =>
        {
            var told = new HashSet<Location>();
            foreach (var ofTasks in new[] { false, true })
            {
                foreach (var (location, name, remedy, isOfPool) in Reached(bodies.Where(body => body.IsOfTasks == ofTasks).Select(static body => body.Body), functions))
                {
                    if (!(ofTasks && isOfPool) && told.Add(location))
                    {
                        end.ReportDiagnostic(Diagnostic.Create(rule, location, name, remedy));
                    }
                }
            }
        });
    }

    private static IEnumerable<(Location, string, string, bool)> Reached(IEnumerable<Function> bodies, ConcurrentDictionary<ISymbol, Function> functions)
    {
        var seen = new HashSet<Function>(bodies);
        var waiting = new Stack<Function>(seen);
        while (waiting.Count > 0)
        {
            var function = waiting.Pop();
            foreach (var source in function.Sources)
            {
                yield return source;
            }

            foreach (var called in function.Called)
            {
                if (functions.TryGetValue(called, out var next) && seen.Add(next))
                {
                    waiting.Push(next);
                }
            }
        }
    }

    private static Function BodyOf(IOperation body)
    {
        var function = new Function();
        switch (body.Bare() is IDelegateCreationOperation made ? made.Target.Bare() : body.Bare())
        {
            case IAnonymousFunctionOperation lambda:
                Read(function, lambda.Body, null);
                break;
            case IMethodReferenceOperation method:
                function.Called.Add(method.Method.OriginalDefinition);
                break;
            case ILocalReferenceOperation local when local.Initializer() is { } initializer:
                return BodyOf(initializer);
        }

        return function;
    }

    /// <summary>What stands in it, lambdas included, since whoever makes one mostly has it run. A local function is one of its own.</summary>
    private static void Read(Function function, IOperation root, ConcurrentDictionary<ISymbol, Function>? functions)
    {
        foreach (var operation in root.DescendantsAndSelf())
        {
            var target = function;
            for (var around = operation.Parent; around is not null && around != root.Parent; around = around.Parent)
            {
                if (around is ILocalFunctionOperation local)
                {
                    target = functions?.GetOrAdd(local.Symbol.OriginalDefinition, static _ => new());
                    break;
                }

                // What a simulation further in runs is its own.
                if (around is IInvocationOperation { TargetMethod.ContainingType: { Name: "Simulation", ContainingNamespace.Name: "Testing" } })
                {
                    target = null;
                    break;
                }
            }

            if (target is null)
            {
                continue;
            }

            if (OutsideCalls.Find(operation, out var isOfPool) is var (name, remedy))
            {
                target.Sources.Add((operation.Syntax.GetLocation(), name, remedy, isOfPool));
            }
            else if (Called(operation) is { } called)
            {
                target.Called.Add(called.OriginalDefinition);
            }
        }
    }

    private static ISymbol? Called(IOperation operation) => operation switch
    {
        IInvocationOperation call => call.TargetMethod,
        IMethodReferenceOperation method => method.Method,
        IObjectCreationOperation { Constructor: { } constructor } => constructor,
        IPropertyReferenceOperation { Property.GetMethod: { } getter } => getter,
        _ => null,
    };

    private sealed class Function
    {
        internal ConcurrentBag<(Location Location, string Name, string Remedy, bool IsOfPool)> Sources { get; } = [];

        internal ConcurrentBag<ISymbol> Called { get; } = [];
    }
}
