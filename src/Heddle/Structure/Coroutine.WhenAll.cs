using System.Runtime.CompilerServices;

namespace Heddle;

/// <content>Waiting for all.</content>
public readonly partial struct Coroutine
{
    /// <summary>Runs the coroutines side by side and waits for all. The counterpart of <c>asyncio.gather</c>.</summary>
    /// <remarks>
    /// The first failure cancels the others; when all have ended it is thrown as it is. Further failures reach the loop's handler, and the
    /// results that others have got all the same are disposed of if they are disposable.
    /// </remarks>
    public static Coroutine WhenAll(params Coroutine[] coroutines) => Combine.AllAsync(Combine.Copy(coroutines));

    /// <inheritdoc cref="WhenAll(Coroutine[])"/>
    public static Coroutine WhenAll(IEnumerable<Coroutine> coroutines) => Combine.AllAsync(Combine.Copy(coroutines));

    /// <inheritdoc cref="WhenAll(Coroutine[])"/>
    /// <returns>The results, in the order of the coroutines.</returns>
    [OverloadResolutionPriority(1)]
    public static Coroutine<T[]> WhenAll<T>(params Coroutine<T>[] coroutines) => Combine.AllAsync(Combine.Copy(coroutines));

    /// <inheritdoc cref="WhenAll{T}(Coroutine{T}[])"/>
    public static Coroutine<T[]> WhenAll<T>(IEnumerable<Coroutine<T>> coroutines) => Combine.AllAsync(Combine.Copy(coroutines));

    /// <summary>Runs coroutines of different types side by side and waits for all.</summary>
    /// <inheritdoc cref="WhenAll(Coroutine[])" path="/remarks"/>
    public static async Coroutine<(T1 First, T2 Second)> WhenAll<T1, T2>(Coroutine<T1> first, Coroutine<T2> second)
    {
        Combine.DiscardIfCanceled([first, second]);
        var tasks = new LoopTask?[2];
        await Combine.AllAsync(tasks, group =>
        {
            tasks[0] = group.Start(first);
            tasks[1] = group.Start(second);
        });
        return (((LoopTask<T1>)tasks[0]!).Result, ((LoopTask<T2>)tasks[1]!).Result);
    }

    /// <inheritdoc cref="WhenAll{T1, T2}(Coroutine{T1}, Coroutine{T2})"/>
    public static async Coroutine<(T1 First, T2 Second, T3 Third)> WhenAll<T1, T2, T3>(
        Coroutine<T1> first, Coroutine<T2> second, Coroutine<T3> third)
    {
        Combine.DiscardIfCanceled([first, second, third]);
        var tasks = new LoopTask?[3];
        await Combine.AllAsync(tasks, group =>
        {
            tasks[0] = group.Start(first);
            tasks[1] = group.Start(second);
            tasks[2] = group.Start(third);
        });
        return (((LoopTask<T1>)tasks[0]!).Result, ((LoopTask<T2>)tasks[1]!).Result, ((LoopTask<T3>)tasks[2]!).Result);
    }

    /// <summary>Runs the coroutines side by side and waits for all, whichever way they end.</summary>
    /// <remarks>A failure cancels nobody. The counterpart of <c>gather(return_exceptions=True)</c>; unlike it, a cancellation of the caller is thrown.</remarks>
    /// <returns>How each ended, in the order of the coroutines.</returns>
    public static Coroutine<Outcome[]> WhenAllSettled(params Coroutine[] coroutines) => Combine.SettledAsync(Combine.Copy(coroutines));

    /// <inheritdoc cref="WhenAllSettled(Coroutine[])"/>
    public static Coroutine<Outcome[]> WhenAllSettled(IEnumerable<Coroutine> coroutines) => Combine.SettledAsync(Combine.Copy(coroutines));

    /// <inheritdoc cref="WhenAllSettled(Coroutine[])"/>
    public static Coroutine<Outcome<T>[]> WhenAllSettled<T>(params Coroutine<T>[] coroutines) => Combine.SettledAsync(Combine.Copy(coroutines));

    /// <inheritdoc cref="WhenAllSettled(Coroutine[])"/>
    public static Coroutine<Outcome<T>[]> WhenAllSettled<T>(IEnumerable<Coroutine<T>> coroutines) => Combine.SettledAsync(Combine.Copy(coroutines));
}
