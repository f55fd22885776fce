namespace Heddle.LowLevel;

/// <summary>Suspending a task by hand: what every primitive is made of.</summary>
public static class Suspend
{
    /// <summary>Suspends the current task until it is resumed through the <see cref="Resumption{T}"/>, or its scope is cancelled.</summary>
    /// <param name="state">Passed to the callbacks, so that they need not capture.</param>
    /// <param name="begin">Arranges for the resumption. Not called in a cancelled scope. It may resume at once; what it throws, the await throws.</param>
    /// <param name="abort">
    /// Called when the scope is cancelled while the task waits: undoes what <paramref name="begin"/> arranged, so that
    /// nothing is handed to this wait any more, and returns true; or returns false if that is too late or impossible,
    /// and then the task waits on. It must not throw.
    /// </param>
    /// <param name="description">What the task waits for, in words, for task lists and errors.</param>
    /// <remarks>Resuming goes through the ready queue. After Trio's <c>wait_task_rescheduled</c>.</remarks>
    public static Coroutine<T> UntilResumedAsync<TState, T>(
        TState state, Action<Resumption<T>, TState> begin, Func<TState, bool> abort, string description)
    {
        ArgumentNullException.ThrowIfNull(begin);
        ArgumentNullException.ThrowIfNull(abort);
        return new(CustomSuspension<TState, T>.Rent(state, begin, abort, description));
    }
}
