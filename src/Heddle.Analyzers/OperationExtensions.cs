namespace Heddle.Analyzers;

/// <summary>Ways through the tree of operations.</summary>
internal static class OperationExtensions
{
    /// <summary>The innermost method, local function or lambda around it.</summary>
    /// <param name="operation">Where to begin.</param>
    /// <param name="member">The member around all.</param>
    /// <param name="function">Null in the initializer of a field.</param>
    /// <returns>The lambda or local function; null when it is the member itself.</returns>
    internal static IOperation? Function(this IOperation operation, ISymbol member, out IMethodSymbol? function)
    {
        for (var around = operation.Parent; around is not null; around = around.Parent)
        {
            if (around.AsFunction() is { } found)
            {
                function = found;
                return around;
            }
        }

        function = member as IMethodSymbol;
        return null;
    }

    /// <summary>The lambda or local function that it is.</summary>
    internal static IMethodSymbol? AsFunction(this IOperation operation) => operation switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol,
        ILocalFunctionOperation local => local.Symbol,
        _ => null,
    };

    /// <summary>The operation without the conversions and parentheses around it.</summary>
    internal static IOperation Bare(this IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                default:
                    return operation;
            }
        }
    }

    /// <summary>What is assigned to, without a declaration around it.</summary>
    internal static IOperation Target(this IOperation operation) =>
        operation.Bare() is IDeclarationExpressionOperation declaration ? declaration.Expression : operation.Bare();

    /// <summary>Whether a lambda describes code that somebody reads, instead of running.</summary>
    internal static bool IsExpressionTree(this IOperation lambda) =>
        lambda.Parent?.Type is { Name: "Expression", ContainingNamespace: { Name: "Expressions", ContainingNamespace.Name: "Linq" } };

    /// <summary>What happens in it and not in a function within.</summary>
    internal static IEnumerable<IOperation> OwnDescendants(this IOperation operation)
    {
        var waiting = new Stack<IOperation>();
        waiting.Push(operation);
        while (waiting.Count > 0)
        {
            var next = waiting.Pop();
            yield return next;
            foreach (var child in next.ChildOperations)
            {
                if (child.AsFunction() is null)
                {
                    waiting.Push(child);
                }
            }
        }
    }

    /// <summary>The body or initializer that it is a part of, functions around it included.</summary>
    internal static IOperation Root(this IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>What a message calls it.</summary>
    internal static string Described(this IOperation operation) => operation switch
    {
        IInvocationOperation call => $"{call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name}",
        IPropertyReferenceOperation property => $"{property.Property.ContainingType.Name}.{property.Property.Name}",
        _ => operation.Syntax.ToString(),
    };

    /// <summary>The local, parameter or field that is meant.</summary>
    internal static ISymbol? Named(this IOperation operation) =>
        operation.Bare() is IFieldReferenceOperation field ? field.Field : operation.Variable();

    /// <summary>What a local is declared with.</summary>
    internal static IOperation? Initializer(this ILocalReferenceOperation local) => local.Root().Descendants()
        .OfType<IVariableDeclaratorOperation>()
        .FirstOrDefault(declarator => SymbolEqualityComparer.Default.Equals(declarator.Symbol, local.Local))
        ?.Initializer?.Value;

    /// <summary>The local that a lambda is declared for.</summary>
    internal static ILocalSymbol? Local(this IOperation lambda)
    {
        var user = lambda.Parent;
        while (user is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation or IVariableInitializerOperation)
        {
            user = user.Parent;
        }

        return user is IVariableDeclaratorOperation declarator ? declarator.Symbol : null;
    }

    /// <summary>The calls of a local function, or of a lambda in a local, and the places that take it as a delegate.</summary>
    internal static IEnumerable<IOperation> UsesOf(this IOperation function, IMethodSymbol symbol)
    {
        var local = function is IAnonymousFunctionOperation ? function.Local() : null;
        return function.Root().Descendants().Where(operation => operation switch
        {
            IInvocationOperation { Instance: ILocalReferenceOperation called } => Same(called.Local, local),
            IInvocationOperation call => Same(call.TargetMethod.OriginalDefinition, symbol),
            IMethodReferenceOperation group => Same(group.Method.OriginalDefinition, symbol),
            ILocalReferenceOperation given => Same(given.Local, local),
            _ => false,
        });

        static bool Same(ISymbol symbol, ISymbol? other) => SymbolEqualityComparer.Default.Equals(symbol, other);
    }

    /// <summary>The local or parameter that is read.</summary>
    internal static ISymbol? Variable(this IOperation operation) => operation.Bare() switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };
}
