namespace Heddle.LowLevel;

/// <summary>Runs what a loop gives to threads, by <c>Coroutine.ToThread</c> and <c>ThreadExecutor</c>. Implement it to have none in tests.</summary>
public interface IThreadRunner
{
    /// <summary>Runs a call and returns its result, or throws what its function has thrown. In the task that calls, on the loop's thread.</summary>
    /// <remarks>Calls for the same threads that wait get one in the order of their coming.</remarks>
    /// <exception cref="ScopeCanceledException">The scope is cancelled while it waits.</exception>
    Coroutine<TResult> RunAsync<TResult>(ThreadWork<TResult> work);
}

/// <summary>A call of a function that is to be made on a thread. Loop thread only, but for <see cref="Invoke"/>.</summary>
public abstract class ThreadWork<TResult>
{
    /// <summary>Which threads it is for: one object for each executor, and one for all of <c>ToThread</c>. As a text it is their name.</summary>
    public abstract object Threads { get; }

    /// <summary>How many of these threads there may be.</summary>
    public abstract int MaxThreads { get; }

    /// <summary>Whether the function takes a token, so that it can be asked to stop.</summary>
    public abstract bool TakesToken { get; }

    /// <summary>Comes in, if there is room, until what this returns is disposed of. Called first.</summary>
    /// <param name="giveUp">Called when the executor is closed abruptly: ends the call with that failure.</param>
    public abstract IDisposable Enter(Action<Exception> giveUp);

    /// <summary>Calls the function, here and now, with a token that is never cancelled.</summary>
    public abstract TResult Invoke();

    /// <summary>Nobody waits for the function any more, and it runs on: says so to the loop's reports.</summary>
    public abstract void BeginAbandoned();

    /// <summary>It has ended, and nobody waits for it.</summary>
    /// <param name="failure">What it has failed with, if it has.</param>
    public abstract void EndAbandoned(Exception? failure);
}
