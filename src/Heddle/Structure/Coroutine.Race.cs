namespace Heddle;

/// <content>Waiting for the first.</content>
public readonly partial struct Coroutine
{
    /// <summary>Runs the coroutines side by side until the first has ended, in whichever way; returns or throws what it ended with.</summary>
    /// <remarks>
    /// The others are cancelled and awaited. What one of them has got all the same is disposed of if it is disposable;
    /// its failure reaches the loop's handler. Of several that end in one turn of the loop the earliest wins.
    /// So a loser may have had its effect: a get that has been served is not put back into its queue. To wait for several things of which
    /// exactly one is to be taken (gets, puts, locks, signals), use <see cref="Select.OneAsync{TResult}(ReadOnlySpan{SelectCase{TResult}})"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no coroutine.</exception>
    public static Coroutine<T> Race<T>(params Coroutine<T>[] coroutines) => Racing.RunAsync(Combine.Copy(coroutines));

    /// <inheritdoc cref="Race{T}(Coroutine{T}[])"/>
    public static Coroutine<T> Race<T>(IEnumerable<Coroutine<T>> coroutines) => Racing.RunAsync(Combine.Copy(coroutines));

    /// <inheritdoc cref="Race{T}(Coroutine{T}[])"/>
    public static Coroutine Race(params Coroutine[] coroutines) => Racing.RunAsync(Combine.Copy(coroutines));

    /// <inheritdoc cref="Race{T}(Coroutine{T}[])"/>
    public static Coroutine Race(IEnumerable<Coroutine> coroutines) => Racing.RunAsync(Combine.Copy(coroutines));
}
