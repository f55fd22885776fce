namespace Heddle;

/// <content>Many calls of one function.</content>
public static partial class ExecutorExtensions
{
    /// <summary>Calls the function with each item, on all workers, and gives out the results.</summary>
    /// <param name="executor">Where.</param>
    /// <param name="function">What is called; as for <c>RunAsync</c>.</param>
    /// <param name="items">The input. It may be endless: no more of it is read than <see cref="MapOptions.MaxChunks"/> allows.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <remarks>
    /// It starts when the enumeration does. Items go to the workers in chunks, so that small ones cost little. The first failure, of a call or
    /// of the input, ends the enumeration at its place: results before it come first. Leaving the enumeration early, or its cancellation,
    /// cancels what is under way; a failure whose place it did not get to is reported. The counterpart of <c>Executor.map</c>.
    /// </remarks>
    /// <exception cref="NotSupportedException">The function is asynchronous.</exception>
    public static IAsyncEnumerable<TResult> MapAsync<T, TResult>(
        this IExecutor executor, Func<T, TResult> function, IEnumerable<T> items, MapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Map(executor, WorkItem.FunctionOf(function), () => new ReadySource<T>(items), options);
    }

    /// <inheritdoc cref="MapAsync{T, TResult}(IExecutor, Func{T, TResult}, IEnumerable{T}, MapOptions?)"/>
    public static IAsyncEnumerable<TResult> MapAsync<T, TResult>(
        this IExecutor executor, Func<T, CancellationToken, TResult> function, IEnumerable<T> items, MapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Map(executor, WorkItem.FunctionOf(function), () => new ReadySource<T>(items), options);
    }

    /// <inheritdoc cref="MapAsync{T, TResult}(IExecutor, Func{T, TResult}, IEnumerable{T}, MapOptions?)"/>
    public static IAsyncEnumerable<TResult> MapAsync<T, TResult>(
        this IExecutor executor, Func<T, TResult> function, IAsyncEnumerable<T> items, MapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Map(executor, WorkItem.FunctionOf(function), () => new ArrivingSource<T>(items), options);
    }

    /// <inheritdoc cref="MapAsync{T, TResult}(IExecutor, Func{T, TResult}, IEnumerable{T}, MapOptions?)"/>
    public static IAsyncEnumerable<TResult> MapAsync<T, TResult>(
        this IExecutor executor, Func<T, CancellationToken, TResult> function, IAsyncEnumerable<T> items, MapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Map(executor, WorkItem.FunctionOf(function), () => new ArrivingSource<T>(items), options);
    }

    private static MapSequence<T, TResult> Map<T, TResult>(
        IExecutor executor, WorkFunction<T, TResult> function, Func<ChunkSource<T>> source, MapOptions? options)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ChunkSize ?? 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxChunks ?? 1, nameof(options));
        return new(Checked(executor), function, source, options);
    }
}
