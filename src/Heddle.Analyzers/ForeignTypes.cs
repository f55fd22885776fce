namespace Heddle.Analyzers;

/// <summary>The platform's tasks in one compilation, looked up once.</summary>
internal sealed class ForeignTypes(Compilation compilation)
{
    private readonly ImmutableArray<INamedTypeSymbol?> _tasks = ImmutableArray.Create(
        compilation.GetTypeByMetadataName("System.Threading.Tasks.Task"),
        compilation.GetTypeByMetadataName("System.Threading.Tasks.Task`1"),
        compilation.GetTypeByMetadataName("System.Threading.Tasks.ValueTask"),
        compilation.GetTypeByMetadataName("System.Threading.Tasks.ValueTask`1"));

    /// <summary>The type of tokens.</summary>
    internal INamedTypeSymbol? Token { get; } = compilation.GetTypeByMetadataName("System.Threading.CancellationToken");

    /// <summary>Whether it is a <c>Task</c> or a <c>ValueTask</c>.</summary>
    internal bool IsTask(ITypeSymbol? type) =>
        type is not null && _tasks.Any(task => SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, task));

    /// <summary>What is awaited, without its <c>ConfigureAwait</c>.</summary>
    internal IOperation WithoutConfigureAwait(IOperation awaited) =>
        awaited.Bare() is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task } && IsTask(task.Type)
            ? task.Bare()
            : awaited.Bare();
}
