namespace Heddle;

/// <content>One after the other, as they end.</content>
public readonly partial struct Coroutine
{
    /// <summary>Runs the coroutines side by side and gives out each task as it ends. The counterpart of <c>asyncio.as_completed</c>.</summary>
    /// <remarks>
    /// They start when the enumeration does. Await the task for its result or its failure; a failure that nobody looks at
    /// reaches the loop's handler and cancels nobody. Leaving the enumeration early cancels and awaits the rest; a result
    /// that was not given out is disposed of if it is disposable.
    /// </remarks>
    public static IAsyncEnumerable<LoopTask<T>> WhenEach<T>(params Coroutine<T>[] coroutines) => WhenEach((IEnumerable<Coroutine<T>>)coroutines);

    /// <inheritdoc cref="WhenEach{T}(Coroutine{T}[])"/>
    public static IAsyncEnumerable<LoopTask<T>> WhenEach<T>(IEnumerable<Coroutine<T>> coroutines)
    {
        var all = Combine.Copy(coroutines);
        return new EachAsItEnds<LoopTask<T>>(all.Length, (group, i) => group.Start(all[i]), () => Combine.DiscardIfCanceled<T>(all));
    }

    /// <inheritdoc cref="WhenEach{T}(Coroutine{T}[])"/>
    public static IAsyncEnumerable<LoopTask> WhenEach(params Coroutine[] coroutines) => WhenEach((IEnumerable<Coroutine>)coroutines);

    /// <inheritdoc cref="WhenEach{T}(Coroutine{T}[])"/>
    public static IAsyncEnumerable<LoopTask> WhenEach(IEnumerable<Coroutine> coroutines)
    {
        var all = Combine.Copy(coroutines);
        return new EachAsItEnds<LoopTask>(all.Length, (group, i) => group.Start(all[i]), () => Combine.DiscardIfCanceled(all));
    }
}
