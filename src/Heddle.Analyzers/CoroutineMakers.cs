namespace Heddle.Analyzers;

/// <summary>Which operations make coroutines: a call, an out variable, or a query that calls.</summary>
internal sealed class CoroutineMakers(HeddleTypes types, Compilation compilation)
{
    private readonly INamedTypeSymbol? _enumerable = compilation.GetTypeByMetadataName("System.Linq.Enumerable");

    /// <summary>Whether it makes one, or several, that nobody has yet.</summary>
    internal bool Makes(IOperation operation) => operation switch
    {
        IInvocationOperation call => (types.IsCold(call.Type) && !CoroutineUses.IsOfNullable(call.TargetMethod)) || MakesMany(call),
        IAwaitOperation => types.IsCold(operation.Type),

        // Not one that a collection gives back; a discard says that it is meant.
        ILocalReferenceOperation or IDeclarationExpressionOperation =>
            operation.Parent is IArgumentOperation { Parameter: { RefKind: RefKind.Out } parameter }
            && types.IsCold(parameter.OriginalDefinition.Type)
            && operation.Target() is ILocalReferenceOperation { IsDeclaration: true },
        _ => false,
    };

    /// <summary>Whether it gives the coroutines of a sequence on in another, as <c>ToList</c> does.</summary>
    internal bool PassesOn(IInvocationOperation call) => IsOfLinq(call) && IsOfCoroutines(call.Type);

    /// <summary>What a message names as the maker.</summary>
    internal string Described(IOperation maker) => maker switch
    {
        IInvocationOperation call when MakesMany(call) =>
            call.Descendants().OfType<IMethodReferenceOperation>().FirstOrDefault() is { Method: var method }
                ? $"{method.ContainingType.Name}.{method.Name}"
                : maker.Described(),
        ILocalReferenceOperation or IDeclarationExpressionOperation when maker.Parent?.Parent is IInvocationOperation call => call.Described(),
        _ => maker.Described(),
    };

    private bool MakesMany(IInvocationOperation call) =>
        (call.TargetMethod.Name is "Select" && IsOfLinq(call) && IsOfCoroutines(call.Type))
        || (call.TargetMethod.Name is "ConvertAll" && IsOfCoroutines(call.Type));

    private bool IsOfLinq(IInvocationOperation call) => SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, _enumerable);

    private bool IsOfCoroutines(ITypeSymbol? type) => type is IArrayTypeSymbol array ? types.IsCold(array.ElementType)
        : type is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } && types.IsCold(arguments[0]) && !types.IsCoroutine(type);
}
