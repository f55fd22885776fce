using System.Runtime.CompilerServices;

namespace Heddle;

/// <content>Functions of every shape.</content>
public static partial class WorkRegistry
{
    /// <summary>Registers a function by a name, under which a worker finds it that cannot, or shall not, find it by reflection.</summary>
    /// <param name="function">A static method. Calls with that same method go by the name.</param>
    /// <param name="name">By default as it is written here, so the same on both sides.</param>
    /// <exception cref="ArgumentException">Another function has that name.</exception>
    /// <exception cref="NotSupportedException">The function is asynchronous.</exception>
    public static void Add<TResult>(Func<TResult> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<TResult>(Func<CancellationToken, TResult> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<T, TResult>(Func<T, TResult> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function, default(T)!), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<T, TResult>(Func<T, CancellationToken, TResult> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function, default(T)!), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<T1, T2, TResult>(Func<T1, T2, TResult> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function, default(T1)!, default(T2)!), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<T1, T2, TResult>(Func<T1, T2, CancellationToken, TResult> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function, default(T1)!, default(T2)!), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function, default(T1)!, default(T2)!, default(T3)!), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<T1, T2, T3, TResult>(Func<T1, T2, T3, CancellationToken, TResult> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function, default(T1)!, default(T2)!, default(T3)!), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add(Action function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add(Action<CancellationToken> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<T>(Action<T> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function, default(T)!), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<T>(Action<T, CancellationToken> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function, default(T)!), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<T1, T2>(Action<T1, T2> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function, default(T1)!, default(T2)!), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<T1, T2>(Action<T1, T2, CancellationToken> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function, default(T1)!, default(T2)!), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<T1, T2, T3>(Action<T1, T2, T3> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function, default(T1)!, default(T2)!, default(T3)!), name);

    /// <inheritdoc cref="Add{TResult}(Func{TResult}, string)"/>
    public static void Add<T1, T2, T3>(Action<T1, T2, T3, CancellationToken> function, [CallerArgumentExpression(nameof(function))] string name = "")
        => Add(WorkItem.Of(function, default(T1)!, default(T2)!, default(T3)!), name);
}
