namespace Heddle.Analyzers;

/// <summary>Which tasks have ended where their result is read, so that reading it does not block.</summary>
internal static class CompletedTasks
{
    private static readonly ImmutableHashSet<string> s_ends =
        ImmutableHashSet.Create("IsCompleted", "IsCompletedSuccessfully", "IsFaulted", "IsCanceled", "Status", "Exception");

    /// <summary>
    /// Whether the code before, in the same function, awaits the variable, alone or among others, or asks whether it has
    /// ended.
    /// </summary>
    /// <param name="task">The variable, where it is read.</param>
    /// <param name="reader">What reads it, if that begins before the variable does.</param>
    internal static bool Include(IOperation task, IOperation? reader = null)
    {
        if (task.Variable() is not { } variable)
        {
            return false;
        }

        var function = Body(task);
        var before = (reader ?? task).Syntax.SpanStart;
        return function.OwnDescendants().Any(operation => operation.Syntax.SpanStart < before && operation switch
        {
            IAwaitOperation awaiting => Mentions(awaiting, variable),
            IPropertyReferenceOperation asked => s_ends.Contains(asked.Property.Name) && Is(asked.Instance, variable),
            IIsPatternOperation asked => Is(asked.Value, variable) && asked.Pattern.Descendants()
                .OfType<IPropertyReferenceOperation>().Any(property => s_ends.Contains(property.Property.Name)),
            IVariableDeclaratorOperation declarator => SymbolEqualityComparer.Default.Equals(declarator.Symbol, variable)
                && declarator.Initializer?.Value.Bare() is IAwaitOperation,
            IForEachLoopOperation loop => loop.Locals.Contains(variable, SymbolEqualityComparer.Default)
                && (loop.IsAsynchronous || Include(loop.Collection)),
            _ => false,
        });
    }

    private static bool Mentions(IOperation operation, ISymbol variable) =>
        operation.Descendants().Any(part => Is(part, variable));

    private static bool Is(IOperation? operation, ISymbol variable) =>
        SymbolEqualityComparer.Default.Equals(operation?.Variable(), variable);

    private static IOperation Body(IOperation operation)
    {
        var body = operation;
        while (body.Parent is { } parent && body.AsFunction() is null)
        {
            body = parent;
        }

        return body;
    }
}
