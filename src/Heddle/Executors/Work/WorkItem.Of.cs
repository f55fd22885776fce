namespace Heddle;

/// <content>Making them.</content>
public abstract partial class WorkItem
{
    /// <summary>The function with its arguments.</summary>
    /// <exception cref="NotSupportedException">The function is asynchronous: what it returns is a promise, and not a result.</exception>
    public static WorkItem<TResult> Of<TResult>(Func<TResult> function)
        => new WorkFunction<Nothing, TResult>(
            function, static (f, _, _) => ((Func<TResult>)f)(), NoArguments.Instance, takesToken: false).With(default);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<TResult>(Func<CancellationToken, TResult> function)
        => new WorkFunction<Nothing, TResult>(
            function, static (f, _, t) => ((Func<CancellationToken, TResult>)f)(t), NoArguments.Instance, takesToken: true).With(default);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<T, TResult>(Func<T, TResult> function, T argument)
        => FunctionOf(function).With(argument);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<T, TResult>(Func<T, CancellationToken, TResult> function, T argument)
        => FunctionOf(function).With(argument);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<T1, T2, TResult>(Func<T1, T2, TResult> function, T1 first, T2 second)
        => new WorkFunction<(T1, T2), TResult>(
            function, static (f, a, _) => ((Func<T1, T2, TResult>)f)(a.Item1, a.Item2), TwoArguments<T1, T2>.Instance, takesToken: false).With((first, second));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<T1, T2, TResult>(Func<T1, T2, CancellationToken, TResult> function, T1 first, T2 second)
        => new WorkFunction<(T1, T2), TResult>(
            function, static (f, a, t) => ((Func<T1, T2, CancellationToken, TResult>)f)(a.Item1, a.Item2, t), TwoArguments<T1, T2>.Instance, takesToken: true).With((first, second));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function, T1 first, T2 second, T3 third)
        => new WorkFunction<(T1, T2, T3), TResult>(
            function, static (f, a, _) => ((Func<T1, T2, T3, TResult>)f)(a.Item1, a.Item2, a.Item3), ThreeArguments<T1, T2, T3>.Instance, takesToken: false).With((first, second, third));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<T1, T2, T3, TResult>(Func<T1, T2, T3, CancellationToken, TResult> function, T1 first, T2 second, T3 third)
        => new WorkFunction<(T1, T2, T3), TResult>(
            function, static (f, a, t) => ((Func<T1, T2, T3, CancellationToken, TResult>)f)(a.Item1, a.Item2, a.Item3, t), ThreeArguments<T1, T2, T3>.Instance, takesToken: true).With((first, second, third));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of(Action function)
        => new WorkFunction<Nothing, Nothing>(
            function, static (f, _, _) =>
            {
                ((Action)f)();
                return default;
            }, NoArguments.Instance, takesToken: false).With(default);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of(Action<CancellationToken> function)
        => new WorkFunction<Nothing, Nothing>(
            function, static (f, _, t) =>
            {
                ((Action<CancellationToken>)f)(t);
                return default;
            }, NoArguments.Instance, takesToken: true).With(default);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of<T>(Action<T> function, T argument)
        => new WorkFunction<T, Nothing>(
            function, static (f, a, _) =>
            {
                ((Action<T>)f)(a);
                return default;
            }, OneArgument<T>.Instance, takesToken: false).With(argument);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of<T>(Action<T, CancellationToken> function, T argument)
        => new WorkFunction<T, Nothing>(
            function, static (f, a, t) =>
            {
                ((Action<T, CancellationToken>)f)(a, t);
                return default;
            }, OneArgument<T>.Instance, takesToken: true).With(argument);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of<T1, T2>(Action<T1, T2> function, T1 first, T2 second)
        => new WorkFunction<(T1, T2), Nothing>(
            function, static (f, a, _) =>
            {
                ((Action<T1, T2>)f)(a.Item1, a.Item2);
                return default;
            }, TwoArguments<T1, T2>.Instance, takesToken: false).With((first, second));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of<T1, T2>(Action<T1, T2, CancellationToken> function, T1 first, T2 second)
        => new WorkFunction<(T1, T2), Nothing>(
            function, static (f, a, t) =>
            {
                ((Action<T1, T2, CancellationToken>)f)(a.Item1, a.Item2, t);
                return default;
            }, TwoArguments<T1, T2>.Instance, takesToken: true).With((first, second));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of<T1, T2, T3>(Action<T1, T2, T3> function, T1 first, T2 second, T3 third)
        => new WorkFunction<(T1, T2, T3), Nothing>(
            function, static (f, a, _) =>
            {
                ((Action<T1, T2, T3>)f)(a.Item1, a.Item2, a.Item3);
                return default;
            }, ThreeArguments<T1, T2, T3>.Instance, takesToken: false).With((first, second, third));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of<T1, T2, T3>(Action<T1, T2, T3, CancellationToken> function, T1 first, T2 second, T3 third)
        => new WorkFunction<(T1, T2, T3), Nothing>(
            function, static (f, a, t) =>
            {
                ((Action<T1, T2, T3, CancellationToken>)f)(a.Item1, a.Item2, a.Item3, t);
                return default;
            }, ThreeArguments<T1, T2, T3>.Instance, takesToken: true).With((first, second, third));

    internal static WorkFunction<T, TResult> FunctionOf<T, TResult>(Func<T, TResult> function)
        => new(function, static (f, a, _) => ((Func<T, TResult>)f)(a), OneArgument<T>.Instance, takesToken: false);

    internal static WorkFunction<T, TResult> FunctionOf<T, TResult>(Func<T, CancellationToken, TResult> function)
        => new(function, static (f, a, t) => ((Func<T, CancellationToken, TResult>)f)(a, t), OneArgument<T>.Instance, takesToken: true);
}
