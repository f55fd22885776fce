namespace Heddle.Analyzers;

/// <summary>Heddle's types in one compilation, looked up once.</summary>
internal sealed class HeddleTypes
{
    private readonly INamedTypeSymbol _coroutine;
    private readonly INamedTypeSymbol? _coroutineOfT;
    private readonly INamedTypeSymbol? _loopTask;
    private readonly IAssemblySymbol _assembly;

    private HeddleTypes(Compilation compilation, INamedTypeSymbol coroutine)
    {
        _coroutine = coroutine;
        _assembly = coroutine.ContainingAssembly;
        _coroutineOfT = compilation.GetTypeByMetadataName("Heddle.Coroutine`1");
        _loopTask = compilation.GetTypeByMetadataName("Heddle.LoopTask");
    }

    /// <summary>Null where Heddle is not referred to, so that no rule has anything to say.</summary>
    internal static HeddleTypes? Find(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Heddle.Coroutine") is { } coroutine ? new(compilation, coroutine) : null;

    /// <summary>Whether it is a coroutine.</summary>
    internal bool IsCoroutine(ITypeSymbol? type) =>
        type is INamedTypeSymbol { IsValueType: true } named && (Same(named, _coroutine) || Same(named, _coroutineOfT));

    /// <summary>Whether nothing happens unless it is awaited.</summary>
    internal bool IsCold(ITypeSymbol? type) => IsCoroutine(type)
        || (type is { Name: "LoopYieldAwaitable" or "YieldAwaitable", ContainingNamespace.Name: "LowLevel" } && IsOurs(type));

    /// <summary>Whether it is a task of a loop.</summary>
    internal bool IsLoopTask(ITypeSymbol? type) => Same(type, _loopTask) || Same(type?.BaseType, _loopTask);

    /// <summary>
    /// Whether it stands right in a coroutine that runs on a loop. The body of a generator that is no asynchronous one runs
    /// wherever it is asked for a value, and has no loop to block and no scope to heed; a function that takes a
    /// generator's handle may be part of either, and gets the benefit of the doubt.
    /// </summary>
    internal bool IsInLoopBody(IOperation operation, ISymbol member)
    {
        var lambda = operation.Function(member, out var function) as IAnonymousFunctionOperation;
        return function is { IsAsync: true }
            && IsCoroutine(function.ReturnType)
            && (!function.Parameters.Any(parameter => IsGeneratorHandle(parameter.Type)) || IsAsynchronousGenerator(lambda));
    }

    private bool IsAsynchronousGenerator(IAnonymousFunctionOperation? body) =>
        body?.Parent is IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IObjectCreationOperation { Type: { } made } } }
        && IsOurs(made)
        && made.Name.StartsWith("Async", StringComparison.Ordinal);

    /// <summary>Whether it is what a generator's body yields by.</summary>
    internal static bool IsGeneratorHandle(ITypeSymbol type) => type.Name is "GeneratorHandle" && IsInHeddle(type);

    /// <summary>Whether it is the library's own.</summary>
    internal bool IsOurs(ISymbol? symbol) => SymbolEqualityComparer.Default.Equals(symbol?.ContainingAssembly, _assembly);

    /// <summary>Whether it is a member of the library's type of this name.</summary>
    internal bool IsMemberOf(ISymbol symbol, string type) =>
        symbol.ContainingType is { } owner && owner.Name == type && IsInHeddle(owner) && IsOurs(owner);

    private static bool IsInHeddle(ITypeSymbol type) =>
        type.ContainingNamespace is { Name: "Heddle", ContainingNamespace.IsGlobalNamespace: true };

    private static bool Same(ITypeSymbol? type, INamedTypeSymbol? other) =>
        other is not null && SymbolEqualityComparer.Default.Equals(type?.OriginalDefinition, other);
}
