namespace Heddle;

/// <summary>Waiting for something foreign in a way that a cancelled scope can break off.</summary>
/// <remarks>
/// A bare await of something foreign is like a shield: it cannot be broken off, and cancellation is met at the next Heddle
/// suspension. With <c>OrCanceled</c> the wait is abandoned at once. What is waited for runs on: give it the
/// <see cref="CancelScope.Token"/> if it takes one. A result that comes after the abandonment is dropped, and its failure is
/// .NET's business (<see cref="TaskScheduler.UnobservedTaskException"/>).
/// </remarks>
public static class OrCanceledExtensions
{
    /// <summary>Waits for the task or for the cancellation of the current scope.</summary>
    /// <exception cref="ScopeCanceledException">The scope was cancelled first.</exception>
    public static Coroutine OrCanceled(this Task task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new(AbandonableWait<Nothing>.Rent(task, static _ => default));
    }

    /// <inheritdoc cref="OrCanceled(Task)"/>
    public static Coroutine<T> OrCanceled<T>(this Task<T> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new(AbandonableWait<T>.Rent(task, static task => ((Task<T>)task).Result));
    }

    /// <inheritdoc cref="OrCanceled(Task)"/>
    public static Coroutine OrCanceled(this ValueTask task) => task.AsTask().OrCanceled();

    /// <inheritdoc cref="OrCanceled(Task)"/>
    public static Coroutine<T> OrCanceled<T>(this ValueTask<T> task) => task.AsTask().OrCanceled();

    /// <summary>Enumerates the sequence; each wait for the next item ends with the cancellation of the current scope.</summary>
    /// <remarks>After an abandoned wait the sequence is disposed of as soon as it allows that, in the background.</remarks>
    /// <exception cref="ScopeCanceledException">The scope was cancelled first.</exception>
    public static IAsyncEnumerable<T> OrCanceled<T>(this IAsyncEnumerable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new AbandonableSequence<T>(source);
    }
}
