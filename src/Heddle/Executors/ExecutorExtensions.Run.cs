namespace Heddle;

/// <summary>Calls to an <see cref="IExecutor"/>: the same for all of them.</summary>
public static partial class ExecutorExtensions
{
    /// <summary>Runs the function with these arguments on a worker and returns its result.</summary>
    /// <param name="executor">Where.</param>
    /// <param name="function">
    /// For threads, any. For processes and clusters, a static method or a lambda that captures nothing. If it takes a token, that is cancelled
    /// with the scope that calls.
    /// </param>
    /// <exception cref="NotSupportedException">The function is asynchronous: what it returns is a promise, and not a result.</exception>
    /// <inheritdoc cref="IExecutor.ExecuteAsync{TResult}(WorkItem{TResult})" path="/exception"/>
    public static Coroutine<TResult> RunAsync<TResult>(this IExecutor executor, Func<TResult> function)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine<TResult> RunAsync<TResult>(this IExecutor executor, Func<CancellationToken, TResult> function)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine<TResult> RunAsync<T, TResult>(this IExecutor executor, Func<T, TResult> function, T argument)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function, argument));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine<TResult> RunAsync<T, TResult>(this IExecutor executor, Func<T, CancellationToken, TResult> function, T argument)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function, argument));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine<TResult> RunAsync<T1, T2, TResult>(this IExecutor executor, Func<T1, T2, TResult> function, T1 first, T2 second)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function, first, second));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine<TResult> RunAsync<T1, T2, TResult>(
        this IExecutor executor, Func<T1, T2, CancellationToken, TResult> function, T1 first, T2 second)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function, first, second));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine<TResult> RunAsync<T1, T2, T3, TResult>(
        this IExecutor executor, Func<T1, T2, T3, TResult> function, T1 first, T2 second, T3 third)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function, first, second, third));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine<TResult> RunAsync<T1, T2, T3, TResult>(
        this IExecutor executor, Func<T1, T2, T3, CancellationToken, TResult> function, T1 first, T2 second, T3 third)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function, first, second, third));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine RunAsync(this IExecutor executor, Action function)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine RunAsync(this IExecutor executor, Action<CancellationToken> function)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine RunAsync<T>(this IExecutor executor, Action<T> function, T argument)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function, argument));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine RunAsync<T>(this IExecutor executor, Action<T, CancellationToken> function, T argument)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function, argument));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine RunAsync<T1, T2>(this IExecutor executor, Action<T1, T2> function, T1 first, T2 second)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function, first, second));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine RunAsync<T1, T2>(this IExecutor executor, Action<T1, T2, CancellationToken> function, T1 first, T2 second)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function, first, second));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine RunAsync<T1, T2, T3>(this IExecutor executor, Action<T1, T2, T3> function, T1 first, T2 second, T3 third)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function, first, second, third));

    /// <inheritdoc cref="RunAsync{TResult}(IExecutor, Func{TResult})"/>
    public static Coroutine RunAsync<T1, T2, T3>(
        this IExecutor executor, Action<T1, T2, T3, CancellationToken> function, T1 first, T2 second, T3 third)
        => Checked(executor).ExecuteAsync(WorkItem.Of(function, first, second, third));

    private static IExecutor Checked(IExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(executor);
        return executor;
    }
}
