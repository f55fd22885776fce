namespace Heddle;

/// <content>Making them.</content>
public abstract partial class WorkItem
{
    /// <summary>The function with its arguments.</summary>
    /// <exception cref="NotSupportedException">The function is asynchronous: what it returns is a promise, and not a result.</exception>
    public static WorkItem<TResult> Of<TResult>(Func<TResult> function)
        => WorkFunctions.Func0(function).With(default);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<TResult>(Func<CancellationToken, TResult> function)
        => WorkFunctions.Func0Token(function).With(default);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<T, TResult>(Func<T, TResult> function, T argument)
        => WorkFunctions.Func1(function).With(argument);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<T, TResult>(Func<T, CancellationToken, TResult> function, T argument)
        => WorkFunctions.Func1Token(function).With(argument);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<T1, T2, TResult>(Func<T1, T2, TResult> function, T1 first, T2 second)
        => WorkFunctions.Func2(function).With((first, second));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<T1, T2, TResult>(Func<T1, T2, CancellationToken, TResult> function, T1 first, T2 second)
        => WorkFunctions.Func2Token(function).With((first, second));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function, T1 first, T2 second, T3 third)
        => WorkFunctions.Func3(function).With((first, second, third));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<TResult> Of<T1, T2, T3, TResult>(Func<T1, T2, T3, CancellationToken, TResult> function, T1 first, T2 second, T3 third)
        => WorkFunctions.Func3Token(function).With((first, second, third));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of(Action function)
        => WorkFunctions.Action0(function).With(default);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of(Action<CancellationToken> function)
        => WorkFunctions.Action0Token(function).With(default);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of<T>(Action<T> function, T argument)
        => WorkFunctions.Action1(function).With(argument);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of<T>(Action<T, CancellationToken> function, T argument)
        => WorkFunctions.Action1Token(function).With(argument);

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of<T1, T2>(Action<T1, T2> function, T1 first, T2 second)
        => WorkFunctions.Action2(function).With((first, second));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of<T1, T2>(Action<T1, T2, CancellationToken> function, T1 first, T2 second)
        => WorkFunctions.Action2Token(function).With((first, second));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of<T1, T2, T3>(Action<T1, T2, T3> function, T1 first, T2 second, T3 third)
        => WorkFunctions.Action3(function).With((first, second, third));

    /// <inheritdoc cref="Of{TResult}(Func{TResult})"/>
    public static WorkItem<Nothing> Of<T1, T2, T3>(Action<T1, T2, T3, CancellationToken> function, T1 first, T2 second, T3 third)
        => WorkFunctions.Action3Token(function).With((first, second, third));
}
