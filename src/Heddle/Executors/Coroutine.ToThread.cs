namespace Heddle;

/// <content>Off the loop's thread.</content>
public readonly partial struct Coroutine
{
    private static readonly WorkerThreads s_threads = new("Heddle thread", Math.Max(32, Environment.ProcessorCount + 4), TimeSpan.FromSeconds(30));

    /// <summary>Runs the function on a thread of the library's own, and returns its result. The counterpart of <c>asyncio.to_thread</c>.</summary>
    /// <remarks>
    /// For a call that blocks now and then. All loops of a program share these threads, of which there are at most 32, or four more than
    /// processors; a <see cref="ThreadExecutor"/> has limits and threads of its own. The function sees the caller's <see cref="AsyncLocal{T}"/> values.
    /// When the scope is cancelled a function that no thread has taken yet never runs; one that runs is abandoned and reported, unless it takes
    /// a token: then that is cancelled, and the function has five seconds to stop.
    /// </remarks>
    /// <exception cref="NotSupportedException">The function is asynchronous: what it returns is a promise, and not a result.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits.</exception>
    public static Coroutine<TResult> ToThread<TResult>(Func<TResult> function) => OnThreadAsync(WorkItem.Of(function));

    /// <inheritdoc cref="ToThread{TResult}(Func{TResult})"/>
    public static Coroutine<TResult> ToThread<TResult>(Func<CancellationToken, TResult> function) => OnThreadAsync(WorkItem.Of(function));

    /// <inheritdoc cref="ToThread{TResult}(Func{TResult})"/>
    public static Coroutine ToThread(Action function) => OnThreadAsync(WorkItem.Of(function));

    /// <inheritdoc cref="ToThread{TResult}(Func{TResult})"/>
    public static Coroutine ToThread(Action<CancellationToken> function) => OnThreadAsync(WorkItem.Of(function));

    private static async Coroutine<TResult> OnThreadAsync<TResult>(WorkItem<TResult> work)
    {
        LoopTask.CurrentOrThrow().ThrowIfCanceled();
        return await ThreadCalls.RunAsync(s_threads, work, new LowLevel.ExecutorCalls("Coroutine.ToThread", int.MaxValue, 0, TimeSpan.FromSeconds(5)));
    }
}
