using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Heddle.Analyzers;

/// <summary>
/// Follows each coroutine that a body makes along the body's control flow, through locals, patterns, tuples and arrays, and
/// finds those that no path hands on.
/// </summary>
/// <remarks>
/// What is known at a point is which coroutines a holder, a local or a value of the graph, may have. Two paths that meet add
/// up, and an assignment forgets what was there. What is in doubt counts as handed on: a field, an argument, a local that a
/// lambda or a reference shares.
/// </remarks>
internal sealed class CoroutineFlow
{
    private readonly CoroutineMakers _makers;
    private readonly HashSet<ISymbol> _shared = new(SymbolEqualityComparer.Default);
    private readonly HashSet<IOperation> _made = new();
    private readonly HashSet<IOperation> _handedOn = new();

    private CoroutineFlow(CoroutineMakers makers) => _makers = makers;

    /// <summary>The operations in a body, and in the functions within, whose coroutine is forgotten.</summary>
    internal static IEnumerable<IOperation> ForgottenIn(IOperation body, Func<IOperation, ControlFlowGraph> graphOf, CoroutineMakers makers)
    {
        // Most coroutines are awaited where they are made, and need no graph.
        if (!body.DescendantsAndSelf().Any(operation => makers.Makes(operation) && operation.Parent is not IAwaitOperation))
        {
            return [];
        }

        var flow = new CoroutineFlow(makers);
        flow.FindShared(body);
        flow.Follow(graphOf(body));
        return flow._made.Where(coroutine => !flow._handedOn.Contains(coroutine));
    }

    /// <summary>Locals that are reached from elsewhere, so that an assignment to one hands on.</summary>
    private void FindShared(IOperation body)
    {
        foreach (var reference in body.Descendants().OfType<ILocalReferenceOperation>())
        {
            var isCaptured = reference.Function(reference.Local.ContainingSymbol, out var function) is not null
                && !SymbolEqualityComparer.Default.Equals(function, reference.Local.ContainingSymbol);
            if (isCaptured || reference.Local.IsRef || reference.Parent is IAddressOfOperation or ISimpleAssignmentOperation { IsRef: true })
            {
                _shared.Add(reference.Local);
            }
        }

        foreach (var alias in body.Descendants().OfType<IVariableDeclaratorOperation>().Where(declarator => declarator.Symbol.IsRef))
        {
            _shared.UnionWith(alias.Descendants().OfType<ILocalReferenceOperation>().Select(reference => reference.Local));
        }
    }

    private void Follow(ControlFlowGraph graph)
    {
        new BlockWalk(this, graph).Run();
        foreach (var function in graph.LocalFunctions)
        {
            Follow(graph.GetLocalFunctionControlFlowGraph(function));
        }

        var lambdas = graph.Blocks
            .SelectMany(block => block.BranchValue is { } value ? block.Operations.Add(value) : block.Operations)
            .SelectMany(operation => operation.DescendantsAndSelf())
            .OfType<IFlowAnonymousFunctionOperation>();
        foreach (var lambda in lambdas.Where(lambda => !lambda.IsExpressionTree()))
        {
            Follow(graph.GetAnonymousFunctionControlFlowGraph(lambda));
        }
    }

    /// <summary>One graph, walked until nothing new is found.</summary>
    private sealed class BlockWalk(CoroutineFlow flow, ControlFlowGraph graph)
    {
        private readonly Holdings?[] _entries = new Holdings?[graph.Blocks.Length];
        private readonly Dictionary<ControlFlowRegion, Holdings> _finallyExits = new();
        private readonly Dictionary<CaptureId, List<IOperation>> _places = new();
        private readonly List<(object Holder, IEnumerable<IOperation> Coroutines)> _stores = new();
        private Holdings _now = new();
        private bool _changed;

        internal void Run()
        {
            _entries[0] = new();
            do
            {
                _changed = false;
                foreach (var block in graph.Blocks.Where(block => _entries[block.Ordinal] is not null))
                {
                    Walk(block);
                }
            }
            while (_changed);
        }

        private void Walk(BasicBlock block)
        {
            _now = new();
            _now.Add(_entries[block.Ordinal]!);
            MayThrow(block);
            foreach (var operation in block.Operations)
            {
                Evaluate(operation, isBranchValue: false);
                MayThrow(block);
            }

            if (block.BranchValue is { } value)
            {
                Evaluate(value, isBranchValue: true);
                MayThrow(block);
            }

            Branch(block, block.ConditionalSuccessor);
            Branch(block, block.FallThroughSuccessor);
        }

        /// <summary>A handler of a try may begin after any step of it.</summary>
        private void MayThrow(BasicBlock block)
        {
            for (var region = block.EnclosingRegion; region != graph.Root && region.EnclosingRegion is { } around; region = around)
            {
                if (region.Kind == ControlFlowRegionKind.Try)
                {
                    foreach (var handler in around.NestedRegions.Where(other => other != region))
                    {
                        Enter(handler.FirstBlockOrdinal);
                    }
                }
            }
        }

        private void Branch(BasicBlock block, ControlFlowBranch? branch)
        {
            if (branch is null)
            {
                return;
            }

            if (branch.Semantics == ControlFlowBranchSemantics.StructuredExceptionHandling)
            {
                for (var region = block.EnclosingRegion; region is not null; region = region.EnclosingRegion)
                {
                    if (region.Kind == ControlFlowRegionKind.Finally)
                    {
                        if (!_finallyExits.TryGetValue(region, out var exit))
                        {
                            _finallyExits.Add(region, exit = new());
                        }

                        _changed |= exit.Add(_now);
                        break;
                    }
                }

                return;
            }

            foreach (var left in branch.FinallyRegions)
            {
                Enter(left.FirstBlockOrdinal);
                if (!_finallyExits.TryGetValue(left, out var exit))
                {
                    return;
                }

                _now = new();
                _now.Add(exit);
            }

            if (branch.Destination is { } destination)
            {
                Enter(destination.Ordinal);
            }
        }

        private void Enter(int ordinal)
        {
            if (_entries[ordinal] is not { } entry)
            {
                _entries[ordinal] = entry = new();
                _changed = true;
            }

            _changed |= entry.Add(_now);
        }

        private void Evaluate(IOperation root, bool isBranchValue)
        {
            _stores.Clear();
            foreach (var operation in root.DescendantsAndSelf())
            {
                if (flow._makers.Makes(operation))
                {
                    flow._made.Add(operation);
                    Send(operation, [operation], isBranchValue);
                }

                switch (operation)
                {
                    case ILocalReferenceOperation local:
                        Send(local, _now.Of(local.Local), isBranchValue);
                        break;
                    case IFlowCaptureReferenceOperation captured:
                        Send(captured, _now.Of(captured.Id), isBranchValue);
                        break;
                    case IFlowCaptureOperation capture:
                        Remember(capture);
                        break;
                }
            }

            foreach (var overwritten in root.DescendantsAndSelf().Select(Overwritten).OfType<object>())
            {
                _now.Clear(overwritten);
            }

            foreach (var (holder, coroutines) in _stores)
            {
                _now.Add(holder, coroutines);
            }
        }

        private static object? Overwritten(IOperation operation) => operation switch
        {
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } => target.Local,
            IArgumentOperation { Parameter.RefKind: RefKind.Out } argument => (argument.Value.Target() as ILocalReferenceOperation)?.Local,
            IFlowCaptureOperation capture => capture.Id,
            _ => null,
        };

        /// <summary>A value of the graph may stand for the place that is assigned to, as in <c>a ??= b</c>.</summary>
        private void Remember(IFlowCaptureOperation capture)
        {
            if (!_places.TryGetValue(capture.Id, out var places))
            {
                _places.Add(capture.Id, places = new());
            }

            if (!places.Contains(capture.Value))
            {
                places.Add(capture.Value);
            }
        }

        /// <summary>Looks outwards from a value until something takes the coroutines that it may have, or nothing does.</summary>
        private void Send(IOperation from, IEnumerable<IOperation> coroutines, bool isBranchValue)
        {
            if (!coroutines.Any())
            {
                return;
            }

            if (from.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Out })
            {
                if (flow._makers.Makes(from))
                {
                    Store(from, coroutines);
                }

                return;
            }

            var elements = new Stack<int>();
            var value = from;
            for (var user = from.Parent; user is not null; (value, user) = (user, user.Parent))
            {
                switch (user)
                {
                    case ITupleOperation tuple:
                        elements.Push(tuple.Elements.IndexOf(value));
                        continue;
                    case ISimpleAssignmentOperation assignment when assignment.Value == value:
                        Store(assignment.Target, coroutines);
                        continue;
                    case IDeconstructionAssignmentOperation { Parent: null or IExpressionStatementOperation } assignment
                        when assignment.Value == value:
                        Store(Element(assignment.Target, elements), coroutines);
                        return;
                    case IIsPatternOperation match when match.Value == value:
                        foreach (var declared in match.Pattern.DescendantsAndSelf().Select(Declared).OfType<ILocalSymbol>())
                        {
                            Store(declared, coroutines);
                        }

                        return;
                    case IFlowCaptureOperation capture:
                        _stores.Add((capture.Id, coroutines.ToList()));
                        return;
                    case IArgumentOperation { Parent: IInvocationOperation call } when flow._makers.PassesOn(call):
                        user = call;
                        continue;
                }

                switch (CoroutineUses.Of(value, user))
                {
                    case CoroutineUse.Passes:
                        continue;
                    case CoroutineUse.HandsOn:
                        flow._handedOn.UnionWith(coroutines);
                        return;
                    default:
                        return;
                }
            }

            if (isBranchValue)
            {
                flow._handedOn.UnionWith(coroutines);
            }
        }

        private static ILocalSymbol? Declared(IOperation pattern) => pattern switch
        {
            IDeclarationPatternOperation declaration => declaration.DeclaredSymbol as ILocalSymbol,
            IRecursivePatternOperation recursive => recursive.DeclaredSymbol as ILocalSymbol,
            IListPatternOperation list => list.DeclaredSymbol as ILocalSymbol,
            _ => null,
        };

        /// <summary>The part of a target that stands where the coroutine stands in the value.</summary>
        private static IOperation Element(IOperation target, Stack<int> elements)
        {
            while (elements.Count > 0 && target.Target() is ITupleOperation tuple && elements.Peek() < tuple.Elements.Length)
            {
                target = tuple.Elements[elements.Pop()];
            }

            return target;
        }

        private void Store(IOperation target, IEnumerable<IOperation> coroutines)
        {
            switch (target.Target())
            {
                case IDiscardOperation:
                    break;
                case ILocalReferenceOperation local:
                    Store(local.Local, coroutines);
                    break;
                case ITupleOperation tuple:
                    foreach (var element in tuple.Elements)
                    {
                        Store(element, coroutines);
                    }

                    break;
                case IFlowCaptureReferenceOperation captured when _places.TryGetValue(captured.Id, out var places):
                    foreach (var place in places)
                    {
                        Store(place, coroutines);
                    }

                    break;
                default:
                    flow._handedOn.UnionWith(coroutines);
                    break;
            }
        }

        private void Store(ILocalSymbol local, IEnumerable<IOperation> coroutines)
        {
            if (flow._shared.Contains(local))
            {
                flow._handedOn.UnionWith(coroutines);
            }
            else
            {
                _stores.Add((local, coroutines.ToList()));
            }
        }
    }
}
