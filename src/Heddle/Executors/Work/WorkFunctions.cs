namespace Heddle;

/// <summary>The sixteen shapes that a function can have. A worker finds the one that it needs by its name.</summary>
internal static class WorkFunctions
{
    internal static WorkFunction<Nothing, TResult> Func0<TResult>(Func<TResult> function)
        => new(function, static (f, _, _) => ((Func<TResult>)f)(), Codec<Nothing>.Get, takesToken: false);

    internal static WorkFunction<Nothing, TResult> Func0Token<TResult>(Func<CancellationToken, TResult> function)
        => new(function, static (f, _, token) => ((Func<CancellationToken, TResult>)f)(token), Codec<Nothing>.Get, takesToken: true);

    internal static WorkFunction<T, TResult> Func1<T, TResult>(Func<T, TResult> function)
        => new(function, static (f, a, _) => ((Func<T, TResult>)f)(a), Codec<T>.Get, takesToken: false);

    internal static WorkFunction<T, TResult> Func1Token<T, TResult>(Func<T, CancellationToken, TResult> function)
        => new(function, static (f, a, token) => ((Func<T, CancellationToken, TResult>)f)(a, token), Codec<T>.Get, takesToken: true);

    internal static WorkFunction<(T1, T2), TResult> Func2<T1, T2, TResult>(Func<T1, T2, TResult> function)
        => new(function, static (f, a, _) => ((Func<T1, T2, TResult>)f)(a.Item1, a.Item2), PairCodec<T1, T2>.Get, takesToken: false);

    internal static WorkFunction<(T1, T2), TResult> Func2Token<T1, T2, TResult>(Func<T1, T2, CancellationToken, TResult> function)
        => new(function, static (f, a, token) => ((Func<T1, T2, CancellationToken, TResult>)f)(a.Item1, a.Item2, token), PairCodec<T1, T2>.Get, takesToken: true);

    internal static WorkFunction<(T1, T2, T3), TResult> Func3<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function)
        => new(function, static (f, a, _) => ((Func<T1, T2, T3, TResult>)f)(a.Item1, a.Item2, a.Item3), TripleCodec<T1, T2, T3>.Get, takesToken: false);

    internal static WorkFunction<(T1, T2, T3), TResult> Func3Token<T1, T2, T3, TResult>(Func<T1, T2, T3, CancellationToken, TResult> function)
        => new(function, static (f, a, token) => ((Func<T1, T2, T3, CancellationToken, TResult>)f)(a.Item1, a.Item2, a.Item3, token), TripleCodec<T1, T2, T3>.Get, takesToken: true);

    internal static WorkFunction<Nothing, Nothing> Action0(Action function)
        => new(function, static (f, _, _) =>
        {
            ((Action)f)();
            return default;
        }, Codec<Nothing>.Get, takesToken: false);

    internal static WorkFunction<Nothing, Nothing> Action0Token(Action<CancellationToken> function)
        => new(function, static (f, _, token) =>
        {
            ((Action<CancellationToken>)f)(token);
            return default;
        }, Codec<Nothing>.Get, takesToken: true);

    internal static WorkFunction<T, Nothing> Action1<T>(Action<T> function)
        => new(function, static (f, a, _) =>
        {
            ((Action<T>)f)(a);
            return default;
        }, Codec<T>.Get, takesToken: false);

    internal static WorkFunction<T, Nothing> Action1Token<T>(Action<T, CancellationToken> function)
        => new(function, static (f, a, token) =>
        {
            ((Action<T, CancellationToken>)f)(a, token);
            return default;
        }, Codec<T>.Get, takesToken: true);

    internal static WorkFunction<(T1, T2), Nothing> Action2<T1, T2>(Action<T1, T2> function)
        => new(function, static (f, a, _) =>
        {
            ((Action<T1, T2>)f)(a.Item1, a.Item2);
            return default;
        }, PairCodec<T1, T2>.Get, takesToken: false);

    internal static WorkFunction<(T1, T2), Nothing> Action2Token<T1, T2>(Action<T1, T2, CancellationToken> function)
        => new(function, static (f, a, token) =>
        {
            ((Action<T1, T2, CancellationToken>)f)(a.Item1, a.Item2, token);
            return default;
        }, PairCodec<T1, T2>.Get, takesToken: true);

    internal static WorkFunction<(T1, T2, T3), Nothing> Action3<T1, T2, T3>(Action<T1, T2, T3> function)
        => new(function, static (f, a, _) =>
        {
            ((Action<T1, T2, T3>)f)(a.Item1, a.Item2, a.Item3);
            return default;
        }, TripleCodec<T1, T2, T3>.Get, takesToken: false);

    internal static WorkFunction<(T1, T2, T3), Nothing> Action3Token<T1, T2, T3>(Action<T1, T2, T3, CancellationToken> function)
        => new(function, static (f, a, token) =>
        {
            ((Action<T1, T2, T3, CancellationToken>)f)(a.Item1, a.Item2, a.Item3, token);
            return default;
        }, TripleCodec<T1, T2, T3>.Get, takesToken: true);
}
