namespace Heddle;

/// <summary>Runs functions elsewhere than on the loop: on threads, in processes, in a cluster.</summary>
/// <remarks>
/// Write code against this interface, with <see cref="ExecutorExtensions"/> for its calls, and it moves from threads to processes
/// to a cluster by the one line that makes the executor. What every executor keeps:
/// <list type="bullet">
/// <item>Calls that wait for a worker get one in the order of their coming.</item>
/// <item>A call that is cancelled while it waits never runs. One that runs is stopped if it can be: a function that takes a
/// <see cref="CancellationToken"/> is asked, a process is killed; what cannot be stopped is abandoned and reported.</item>
/// <item>A function's exception is thrown to its caller, as the type that it was thrown as.</item>
/// <item>Disposing of it takes no more calls, waits for those that it took, and then stops the workers. In a cancelled scope it does
/// not wait: the calls fail with an <see cref="ExecutorClosedException"/>.</item>
/// </list>
/// An executor serves the tasks of one loop, the first that uses it. After <c>concurrent.futures.Executor</c>.
/// </remarks>
public interface IExecutor : IAsyncDisposable
{
    /// <summary>Its name, for errors.</summary>
    string Name { get; }

    /// <summary>How many calls can run at once.</summary>
    int MaxConcurrency { get; }

    /// <summary>What it looks like now. Loop thread only, or while its loop is not running.</summary>
    ExecutorStatistics Statistics { get; }

    /// <summary>Runs the function on a worker. What all of <see cref="ExecutorExtensions"/> comes to.</summary>
    /// <exception cref="ExecutorClosedException">The executor is closed, or was while the call waited or ran.</exception>
    /// <exception cref="ExecutorFullException">More calls wait than may.</exception>
    /// <exception cref="NotPortableException">The function or its arguments cannot be sent to where this executor's workers are.</exception>
    /// <exception cref="InvalidOperationException">This is not the executor's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits.</exception>
    Coroutine<TResult> ExecuteAsync<TResult>(WorkItem<TResult> work);
}
